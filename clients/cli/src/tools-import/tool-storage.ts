import type { ImportSource } from '@action-mesh/contracts/catalog';
import type { ImportResult } from '@action-mesh/openapi';
import type { MeshError } from '@action-mesh/kernel';

import { importedFrom, type CatalogAnswer } from './catalog-answer.js';
import { UnknownOutcomeError, UnreachableGatewayError } from './import.errors.js';
import type { GatewayAddress } from './options.js';

/** Enough time for a large document with all its comparisons. */
const storeTimeoutMs = 120_000;
/** Errors before any byte was sent. After any other error, such as a reset, the outcome is unknown. */
const unconnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Sends the tools of an import to the catalog, through the gateway. Throws `UnreachableGatewayError`,
 * `UnknownOutcomeError`, `NotAGatewayError`, or `ImportRefusedError`.
 */
export async function storeTools(
  { url, apiKey }: GatewayAddress,
  { tools, report }: ImportResult,
  source: ImportSource,
  timeoutMs = storeTimeoutMs,
): Promise<CatalogAnswer> {
  let status, text;
  try {
    const response = await fetch(`${url}/v1/toolkits/${report.toolkit}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ source, tools }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    ({ status } = response);
    text = await response.text();
  } catch (error) {
    throw failure(error, timeoutMs);
  }
  return importedFrom(status, text);
}

/** `fetch` rejects only with errors: its timeout, or `fetch failed` with the reason in its cause. */
function failure(thrown: unknown, timeoutMs: number): MeshError {
  const { name, cause = thrown } = thrown as Error;
  if (name === 'TimeoutError')
    return new UnknownOutcomeError(`did not answer within ${timeoutMs / 1000} s`, { cause: thrown });
  const { code = '', message } = cause as NodeJS.ErrnoException;
  // When a name has several addresses, the error that combines their failures has no message.
  const reason = message === '' ? code : message;
  if (unconnected.has(code)) {
    return new UnreachableGatewayError(
      `the gateway at GATEWAY_URL does not answer (${reason}): start it (npm start prints its address), or add --dry-run`,
      { cause: thrown },
    );
  }
  return new UnknownOutcomeError(`broke off before its answer was whole (${reason})`, { cause: thrown });
}

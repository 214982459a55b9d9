import type { ImportResult } from '@action-mesh/openapi';
import { errorMessage } from '@action-mesh/kernel';

import type { ImportSource } from '../application/catalog-store.port.js';
import type { ImportedToolkit } from '../application/import-toolkit.js';

/** A large document with all its comparisons. */
const TIMEOUT_MS = 120_000;

interface Refusal {
  readonly message?: string;
  readonly problems?: readonly { readonly pointer: string; readonly message: string }[];
}

/** Hands the tools of an import to the catalog. Throws an `Error` that says what to do when it does not take them. */
export async function storeTools(
  catalogUrl: string,
  { tools, report }: ImportResult,
  source: ImportSource,
): Promise<ImportedToolkit> {
  const address = `${catalogUrl.replace(/\/+$/, '')}/internal/toolkits/${report.toolkit}/imports`;
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, tools }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Error(
      `the catalog at CATALOG_URL does not answer (${errorMessage(error)}): start it, or add --dry-run`,
      {
        cause: error,
      },
    );
  }
  const body = (await response.json().catch(() => ({}))) as ImportedToolkit & Refusal;
  if (response.ok) return body;
  const problems = (body.problems ?? []).map(({ pointer, message }) => `\n  ${pointer} ${message}`).join('');
  throw new Error(
    `the catalog did not take the tools: ${body.message ?? `it answered ${response.status}`}${problems}`,
  );
}

import type { SentRequest } from '@action-mesh/contracts/executor';
import { redactText } from '@action-mesh/platform';
import { referencedFiles } from '@action-mesh/tools';

import { maskedRequest } from '../../domain/masked-request.js';
import { intentOf } from '../intent.js';
import { withProviderKey } from '../provider-request.js';
import type { ProviderRequest, Tools } from '../tools.port.js';
import type { CallRecords, IntendedCall } from './call-records.port.js';

/**
 * Shows the request of a call. The ledger stores only its digest. The same call with the same version of the tool
 * builds the same request again, and the digest proves it.
 */
export class ShowRequest {
  readonly #records: CallRecords;
  readonly #tools: Tools;

  constructor(records: CallRecords, tools: Tools) {
    this.#records = records;
    this.#tools = tools;
  }

  /** The request, or only its digest when it cannot be rebuilt. Undefined when the call has no intent. */
  async execute(tenantId: string, callId: string): Promise<SentRequest | undefined> {
    const intended = await this.#records.intended(tenantId, callId);
    if (intended === undefined) return undefined;
    const digest = intended.intent.digest.toString('hex');
    const again = this.#again(intended);
    return 'reason' in again
      ? { digest, not_shown: again.reason }
      : { digest, ...withoutSecrets(maskedRequest(again.request)) };
  }

  #again({
    call,
    intent,
  }: IntendedCall): { readonly request: ProviderRequest } | { readonly reason: string } {
    const { slug, version } = call.tool;
    const prepared = this.#tools.get(slug, version);
    if (prepared === undefined)
      return { reason: `the version ${version} of the tool ${slug} is no longer published` };
    const { tool } = prepared;
    try {
      if (referencedFiles(tool, call.arguments).length > 0)
        return {
          reason: 'its files came from a URL or a result and are not kept, so only its digest is known',
        };
      const request = withProviderKey(prepared.buildRequest(call.arguments), tool, intent.providerKey);
      return intentOf(request, intent.providerKey).digest.equals(intent.digest)
        ? { request }
        : { reason: 'the request cannot be built again as it was, so only its digest is known' };
    } catch {
      return { reason: 'the arguments no longer make a request' };
    }
  }
}

/** Masks credentials. A credential in a place without a telling name is found by its form. */
function withoutSecrets({ url, headers, body, ...request }: SentRequest): SentRequest {
  return {
    ...request,
    ...(url === undefined ? {} : { url: redactText(url) }),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, redactText(value)]),
          ),
        }),
    ...(body === undefined ? {} : { body: redactText(body) }),
  };
}

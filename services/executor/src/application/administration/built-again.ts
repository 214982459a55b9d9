import { referencedFiles } from '@action-mesh/tools';

import type { IntendedCall } from './call-records.port.js';
import { intentOf } from '../intent.js';
import { withProviderKey } from '../provider-request.js';
import type { PreparedTool, ProviderRequest, Tools } from '../tools.port.js';

/** The request of an intent, or the reason why it cannot be built again. */
export type BuiltAgain =
  | { readonly request: ProviderRequest; readonly prepared: PreparedTool }
  | { readonly reason: string };

/**
 * Builds the request of a recorded intent again. The ledger stores only its digest. The same call with the same version
 * of the tool builds the same request, and the digest proves it.
 */
export function builtAgain({ call, intent }: IntendedCall, tools: Pick<Tools, 'of'>): BuiltAgain {
  const { slug, version } = call.tool;
  const prepared = tools.of(call);
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
      ? { request, prepared }
      : { reason: 'the request cannot be built again as it was, so only its digest is known' };
  } catch {
    return { reason: 'the arguments no longer make a request' };
  }
}

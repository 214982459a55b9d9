import type { ApprovalView, SentRequest } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { canonicalize, defined, type JsonValue } from '@action-mesh/kernel';
import { referencedFiles } from '@action-mesh/tools';

import { providerKeyOf } from '../../domain/provider-key.js';
import type { Approvals } from '../approvals.port.js';
import { withProviderKey } from '../provider-request.js';
import { shownRequest } from '../shown-request.js';
import type { Tools } from '../tools.port.js';

/** Shows an approval with everything that a person needs for the decision. */
export class ShowApproval {
  readonly #approvals: Pick<Approvals, 'find'>;
  readonly #tools: Pick<Tools, 'of'>;

  constructor(approvals: Pick<Approvals, 'find'>, tools: Pick<Tools, 'of'>) {
    this.#approvals = approvals;
    this.#tools = tools;
  }

  async execute(tenantId: string, id: string): Promise<ApprovalView | undefined> {
    const found = await this.#approvals.find(tenantId, id);
    if (found === undefined) return undefined;
    const { summary, call } = found;
    return {
      ...summary,
      version: call.tool.version,
      arguments: call.arguments,
      canonical_arguments: canonicalize(call.arguments as JsonValue),
      ...defined({ connection_id: call.connection_id }),
      request: this.#request(call),
    };
  }

  #request(call: AcceptedCall): SentRequest {
    const prepared = this.#tools.of(call);
    if (prepared === undefined) return { not_shown: 'the tool is not published' };
    const { tool } = prepared;
    if (referencedFiles(tool, call.arguments).length > 0)
      return { not_shown: 'the request needs files, and the mesh loads them only for a live call' };
    try {
      return shownRequest(withProviderKey(prepared.buildRequest(call.arguments), tool, providerKeyOf(call)));
    } catch {
      return { not_shown: 'the arguments make no request' };
    }
  }
}

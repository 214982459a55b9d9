import {
  approvalPageSchema,
  approvalRefusedSchema,
  approvalViewSchema,
  type ApprovalPage,
  type ApprovalQuery,
  type ApprovalView,
  type DecideApproval,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

import type { ApprovalDecided, ApprovalsClient } from '../../application/approvals-client.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const timeoutMs = 5_000;

/** Reads and decides approvals through the executor's internal API. */
export class ExecutorApprovals implements ApprovalsClient {
  readonly #api: InternalApi;

  constructor(executor: ServiceAddress) {
    this.#api = new InternalApi({
      ...executor,
      timeoutMs,
      unavailable:
        'The executor, which keeps the approvals, did not answer. It may have taken the decision all the same.',
      fix: 'Look at the approval with GET /v1/approvals/{id}, and send the decision again if there is none.',
    });
  }

  list(caller: Principal, query: ApprovalQuery): Promise<ApprovalPage> {
    return this.#api.ask({ caller, method: 'GET', path: ['approvals'], query }, (answer) =>
      answer.status === 200 ? approvalPageSchema.parse(answer.body) : unexpected(answer),
    );
  }

  find(caller: Principal, id: string): Promise<ApprovalView | undefined> {
    return this.#api.ask({ caller, method: 'GET', path: ['approvals', id] }, (answer) => {
      if (answer.status === 404) return undefined;
      return answer.status === 200 ? approvalViewSchema.parse(answer.body) : unexpected(answer);
    });
  }

  decide(
    caller: Principal,
    id: string,
    decision: 'approve' | 'reject',
    body: DecideApproval,
  ): Promise<ApprovalDecided> {
    const ask = { caller, method: 'POST', path: ['approvals', id, decision], body } as const;
    return this.#api.ask(ask, (answer): ApprovalDecided => {
      switch (answer.status) {
        case 200:
          return { kind: 'done', view: approvalViewSchema.parse(answer.body) };
        case 404:
          return { kind: 'unknown' };
        case 409:
          return { kind: 'refused', refusal: approvalRefusedSchema.parse(answer.body) };
        default:
          return unexpected(answer);
      }
    });
  }
}

import type {
  ApprovalPage,
  ApprovalQuery,
  ApprovalView,
  DecideApproval,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

import type { ApprovalDecided, ApprovalsClient } from './approvals-client.port.js';
import type { CallVisibility } from './call-visibility.js';
import { visible } from './visible-history.js';

/** Approvals within the limits of the caller's key (CV1): those of calls that it can see. */
export class VisibleApprovals implements ApprovalsClient {
  readonly #approvals: ApprovalsClient;
  readonly #visibility: CallVisibility;

  constructor(approvals: ApprovalsClient, visibility: CallVisibility) {
    this.#approvals = approvals;
    this.#visibility = visibility;
  }

  /** A page of a key that is limited to tools can be short, since it leaves out the calls of other tools. */
  async list(caller: Principal, query: ApprovalQuery): Promise<ApprovalPage> {
    const page = await this.#approvals.list(caller, this.#visibility.narrow(caller, query));
    return { ...page, approvals: visible(page.approvals, caller, this.#visibility) };
  }

  async find(caller: Principal, id: string): Promise<ApprovalView | undefined> {
    const view = await this.#approvals.find(caller, id);
    return view === undefined ? undefined : visible([view], caller, this.#visibility)[0];
  }

  async decide(
    caller: Principal,
    id: string,
    decision: 'approve' | 'reject',
    request: DecideApproval,
  ): Promise<ApprovalDecided> {
    if ((await this.find(caller, id)) === undefined) return { kind: 'unknown' };
    return this.#approvals.decide(caller, id, decision, request);
  }
}

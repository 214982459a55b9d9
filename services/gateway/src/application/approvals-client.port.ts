import type {
  ApprovalPage,
  ApprovalQuery,
  ApprovalRefused,
  ApprovalView,
  DecideApproval,
} from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

/** The result of a decision about an approval. */
export type ApprovalDecided =
  | { readonly kind: 'done'; readonly view: ApprovalView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: ApprovalRefused };

/**
 * The approvals of the caller's tenant in the ledger. Every method rejects with `MeshUnavailableError` when the executor does
 * not answer.
 */
export interface ApprovalsClient {
  list(caller: Principal, query: ApprovalQuery): Promise<ApprovalPage>;
  find(caller: Principal, id: string): Promise<ApprovalView | undefined>;
  decide(
    caller: Principal,
    id: string,
    decision: 'approve' | 'reject',
    request: DecideApproval,
  ): Promise<ApprovalDecided>;
}

export const ApprovalsClient = Symbol('ApprovalsClient');

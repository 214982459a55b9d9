import type { CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';

/** How calls stand in the ledger. For queries, never on the path of a call. */
export interface CallHistory {
  /** `undefined` where the ledger does not know the call. Rejects with `MeshUnavailableError` when nobody can say. */
  find(callId: string): Promise<CallView | undefined>;
  /** A page of calls, the newest first. Rejects with `MeshUnavailableError` when the ledger cannot be asked. */
  list(query: CallQuery): Promise<CallPage>;
}

export const CallHistory = Symbol('CallHistory');

import type { CallView } from '@action-mesh/contracts/executor';

/** How calls stand in the ledger. For queries, never on the path of a call. */
export interface CallHistory {
  /** `undefined` where the ledger does not know the call. Rejects with `MeshUnavailableError` when nobody can say. */
  find(callId: string): Promise<CallView | undefined>;
}

export const CallHistory = Symbol('CallHistory');

import type { CallComparison, CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

/** Reads calls of the caller's tenant from the ledger. Queries use it; the path of a call never does. */
export interface CallHistory {
  /**
   * `undefined` when the ledger does not know the call. Rejects with `MeshUnavailableError` when the ledger cannot be
   * read.
   */
  find(caller: Principal, callId: string): Promise<CallView | undefined>;
  /**
   * Compares the requests of two calls. `undefined` when the ledger does not know one of them. Rejects with
   * `MeshUnavailableError`.
   */
  compare(caller: Principal, callId: string, other: string): Promise<CallComparison | undefined>;
  /** A page of calls, the newest first. Rejects with `MeshUnavailableError` when the ledger cannot be read. */
  list(caller: Principal, query: CallQuery): Promise<CallPage>;
}

export const CallHistory = Symbol('CallHistory');

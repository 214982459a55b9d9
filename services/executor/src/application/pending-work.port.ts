/** The background work that waits in the ledger, and the number of executors that share it. */
export interface PendingWork {
  /** Records that their writer did not publish. */
  readonly hasUnpublished: boolean;
  /** A dead instance, or calls of one. */
  readonly hasOrphans: boolean;
  /** Milliseconds until the scheduler next wakes a call. Undefined when none waits. */
  readonly untilDueMs: number | undefined;
  /** Calls that wait for their tenant's turn. */
  readonly hasOverflow: boolean;
  /** Calls that a kill switch holds. */
  readonly hasHeld: boolean;
  /** The number of live executors. */
  readonly instances: number;
}

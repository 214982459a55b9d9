/** What the executors say of the ledger. Held in memory: it is asked on the way of every call. */
export interface LedgerState {
  /** Why no call can be recorded now; undefined while calls are recorded, or while nobody can say. */
  readonly refusal: string | undefined;
}

/** The state of the ledger, as the executors report it. Held in memory, since every call reads it. */
export interface LedgerAvailability {
  /** Why no call can be recorded now; undefined while calls are recorded, or while the state is unknown. */
  readonly refusal: string | undefined;
}

/** The state of the ledger, as the executors report it. It stays in memory, since every call reads it. */
export interface LedgerAvailability {
  /** The reason why the ledger cannot record calls. Undefined while it records calls, or while its state is unknown. */
  readonly refusal: string | undefined;
}

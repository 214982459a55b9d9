/** A change of policies that may end the wait of some calls for an approval. */
export interface PolicyChange {
  /** Absent: every tenant. */
  readonly tenantId?: string;
}

/** The calls that wait for an approval, in the ledger. */
export interface AskedCalls {
  /**
   * Lets up to `limit` calls go that one of these changes concerns, so that they are compared with the policies again. Returns
   * their number.
   */
  release(changes: readonly PolicyChange[], limit: number): Promise<number>;
}

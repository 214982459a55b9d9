/** A change that may end the wait of some calls for a connection. */
export interface AuthChange {
  readonly tenantId: string;
  /** Absent: all users of the tenant. */
  readonly userId?: string;
  readonly integration: string;
  /** Whether calls without an integration may have one now. @default false */
  readonly isNewIntegration?: boolean;
}

/** The calls that wait for a connection, in the ledger. */
export interface AwaitingCalls {
  /**
   * Lets up to `limit` calls go that one of these changes concerns: they wait for their tenant's turn from then on. Returns
   * their number.
   */
  release(changes: readonly AuthChange[], limit: number): Promise<number>;
}

export const AwaitingCalls = Symbol('AwaitingCalls');

import type { ConnectionState } from '@action-mesh/contracts/auth-broker';

/** A connection, as far as a connect session needs it. */
export interface FoundConnection {
  readonly connectionId: string;
  readonly userId: string;
  readonly integration: string;
  readonly state: ConnectionState;
  readonly accountId?: string;
  readonly accountName?: string;
  /** Absent: the provider does not report scopes. */
  readonly scopes?: readonly string[];
}

/** Reads connections of a tenant. */
export interface ConnectionLookup {
  find(tenantId: string, connectionId: string): Promise<FoundConnection | undefined>;
  /** The connection that calls of the user take without a choice. */
  findDefault(tenantId: string, userId: string, integration: string): Promise<FoundConnection | undefined>;
  /**
   * Whether a revocation of a fresh grant could end a connection in use. That is one of the same account. Without a
   * known account, it is any of the integration.
   */
  sharesGrant(tenantId: string, integration: string, accountId: string | undefined): Promise<boolean>;
}

export const ConnectionLookup = Symbol('ConnectionLookup');

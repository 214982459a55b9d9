import type { ConnectedAccount } from '../../domain/connections/credential.js';
import type { ConnectionOwner, StoredConnection } from '../../domain/connections/stored-connection.js';

/** Selects connections of a tenant. */
export interface ConnectionFilter {
  readonly userId?: string;
  readonly integration?: string;
}

/** A sealed credential for a new connection, or for the one that it renews. */
export interface SealedConnection extends ConnectionOwner, ConnectedAccount {
  readonly id: string;
  readonly provider: string;
  readonly sealed: Buffer;
  readonly expiresInMs?: number;
  readonly refreshExpiresInMs?: number;
  readonly label?: string;
  /** The connection that it renews. Absent: it is a new one. */
  readonly renews?: string;
}

/**
 * `outdated`: a connection appeared or changed meanwhile, so the caller must decide again. `integration_gone`: the
 * integration is removed, or belongs to another provider.
 */
export type StoreResult = 'stored' | 'outdated' | 'integration_gone';

/** The connections of tenants. Disconnected ones are in it until their rows are deleted. */
export interface ConnectionStore {
  find(tenantId: string, id: string): Promise<StoredConnection | undefined>;
  /** The connection for calls of this user that name none. */
  findDefault(owner: ConnectionOwner): Promise<StoredConnection | undefined>;
  /** Those of the states `active`, `needs_reauth` and `revoking`, the oldest first. */
  list(tenantId: string, filter: ConnectionFilter): Promise<readonly StoredConnection[]>;
  /** The known connection of a user to this account. */
  findAccount(owner: ConnectionOwner, accountId: string): Promise<StoredConnection | undefined>;
  /** Stores a credential. It ends all refreshes of a renewed connection that are under way. */
  save(connection: SealedConnection): Promise<StoreResult>;
  /** False: there is no such connection, or it is disconnected. */
  makeDefault(tenantId: string, id: string): Promise<boolean>;
  /** Counts a use of connections, at most once a minute for each. */
  noteUses(uses: readonly { readonly id: string; readonly atMs: number }[]): Promise<void>;
}

export const ConnectionStore = Symbol('ConnectionStore');

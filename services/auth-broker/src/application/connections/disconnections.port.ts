import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectionFilter } from './connection-store.port.js';

/** A connection with a grant that its provider has to end. */
export interface DueRevocation {
  readonly connection: StoredConnection;
  /** Whether another connection lives from the same grant, so its provider must not end it. */
  readonly sharesGrant: boolean;
  /** Credentials of fenced-off refreshes, sealed. */
  readonly orphans: readonly Buffer[];
}

/** The part of the record that ends connections. */
export interface Disconnections {
  /** Takes connections out of use at once, and returns their number. No call gets them from then on. */
  begin(tenantId: string, selected: ConnectionFilter & { readonly id?: string }): Promise<number>;
  /** Takes the connections of removed tenants out of use, and returns their number. */
  beginForRemovedTenants(): Promise<number>;
  /** Takes connections to revoke. No other broker takes them for half a minute. */
  take(most: number): Promise<readonly DueRevocation[]>;
  /** The provider did not end the grant yet. */
  postpone(connection: StoredConnection, code: string, pauseMs: number): Promise<void>;
  /** Erases the credential. `code`: why the provider has perhaps not ended the grant. */
  complete(connection: StoredConnection, code?: string): Promise<void>;
}

export const Disconnections = Symbol('Disconnections');

import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectionFilter } from '../connections/connection-store.port.js';

/** A part of a list of connections. */
export interface ConnectionSlice {
  readonly connections: readonly StoredConnection[];
  /** Whether more follow. */
  readonly hasMore: boolean;
}

/** Lists of connections that are not revoked, the oldest first. */
export interface ConnectionPages {
  page(
    tenantId: string,
    filter: ConnectionFilter & { readonly limit: number; readonly after?: string },
  ): Promise<ConnectionSlice>;
}

export const ConnectionPages = Symbol('ConnectionPages');

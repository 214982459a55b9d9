import type { StoredConnection } from '../../domain/connections/stored-connection.js';

/**
 * `needs_reauth`: only the user can repair the connection. `broken`: the provider refuses the client of the integration.
 * `unavailable`: a later refresh may succeed. `gone`: the connection was disconnected.
 */
export type RefreshResult =
  | { readonly kind: 'refreshed'; readonly connection: StoredConnection }
  | { readonly kind: 'needs_reauth'; readonly connection: StoredConnection }
  | { readonly kind: 'broken' | 'unavailable'; readonly code: string; readonly retryAfterMs: number }
  | { readonly kind: 'gone' };

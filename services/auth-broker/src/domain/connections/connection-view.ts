import type { ConnectionView } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { refreshTraits, type ProviderDefinition } from '@action-mesh/providers';

import type { StoredConnection } from './stored-connection.js';
import { reconnectByMs } from './token-freshness.js';

/** A connection for its user and for the tenant. It shows no credential. */
export function connectionView(
  connection: StoredConnection,
  provider: ProviderDefinition | undefined,
  connectUrl: string | undefined,
): ConnectionView {
  const { scopes } = connection;
  return {
    connection_id: connection.id,
    user_id: connection.userId,
    integration: connection.integration,
    provider: connection.provider,
    state: connection.state,
    is_default: connection.isDefault,
    created_at: momentOf(connection.createdAtMs),
    ...defined({
      reason: connection.reason,
      account: connection.account,
      label: connection.label,
      scopes: scopes && [...scopes],
      expires_at: momentIfAny(connection.expiresAtMs),
      reconnect_by: momentIfAny(provider && reconnectByMs(connection, refreshTraits(provider))),
      last_error: connection.lastError,
      connect_url: connectUrl,
      refreshed_at: momentIfAny(connection.refreshedAtMs),
      last_used_at: momentIfAny(connection.lastUsedAtMs),
    }),
  };
}

function momentIfAny(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : momentOf(ms);
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}

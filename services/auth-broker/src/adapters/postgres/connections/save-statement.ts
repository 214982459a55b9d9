import type pg from 'pg';

import type {
  SealedConnection,
  StoreResult,
} from '../../../application/connections/connection-store.port.js';
import { connectionColumns, timeAfter, type ConnectionRow } from './connection-row.js';
import type { RecordChange } from './connection-events.js';

/** Selects connections that calls may know. */
export const isKnownState = `state IN ('active', 'needs_reauth')`;

/** Stores a connection under the lock of its owner. `outdated`: the choice of the renewed connection is out of date. */
export async function saveConnection(
  client: pg.ClientBase,
  connection: SealedConnection,
  record: RecordChange,
): Promise<StoreResult> {
  const { tenantId, userId, integration, provider, renews, account } = connection;
  // Two sessions of one user take turns, so no account gets two connections and no user two defaults.
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    JSON.stringify([tenantId, userId, integration]),
  ]);
  // A removal or a change of the integration waits for this transaction, and then finds the connection (CN4).
  const { rowCount: serving } = await client.query(
    `SELECT FROM integration
      WHERE tenant_id = $1 AND integration = $2 AND provider = $3 AND removed_at IS NULL FOR SHARE`,
    [tenantId, integration, provider],
  );
  if (serving === 0) return 'integration_gone';
  const { rows: known } = await client.query<{ id: string; account_id: string | null; is_default: boolean }>(
    `SELECT id, account_id, is_default FROM connection
      WHERE tenant_id = $1 AND user_id = $2 AND integration = $3 AND ${isKnownState}`,
    [tenantId, userId, integration],
  );
  const becomesDefault = !known.some(({ is_default: isDefault }) => isDefault);
  if (renews === undefined) {
    if (account !== undefined && known.some(({ account_id: id }) => id === account.id)) return 'outdated';
    await record(await insert(client, connection, becomesDefault), 'created');
    return 'stored';
  }
  if (!known.some(({ id }) => id === renews)) return 'outdated';
  // An active connection recovers too: calls that wait for its new scopes may go.
  await record(await renew(client, connection, becomesDefault), 'recovered');
  return 'stored';
}

async function insert(
  client: pg.ClientBase,
  connection: SealedConnection,
  isDefault: boolean,
): Promise<ConnectionRow> {
  const { rows } = await client.query<ConnectionRow>(
    `INSERT INTO connection (id, credential, expires_at, refresh_expires_at, account_id, account_name, scopes, base_url, label,
                             tenant_id, user_id, integration, provider, is_default, state, version, seq,
                             issued_at, refreshed_at, consented_at, created_at, updated_at)
     VALUES ($1, $2, ${timeAfter('$3')}, ${timeAfter('$4')}, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'active', 1, 1,
             clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp())
     RETURNING ${connectionColumns}`,
    [
      ...valuesOf(connection),
      connection.tenantId,
      connection.userId,
      connection.integration,
      connection.provider,
      isDefault,
    ],
  );
  return single(rows);
}

async function renew(
  client: pg.ClientBase,
  connection: SealedConnection,
  becomesDefault: boolean,
): Promise<ConnectionRow> {
  // The new epoch fences off refreshes of the former credential. Their late answers are of no use.
  const { rows } = await client.query<ConnectionRow>(
    `UPDATE connection
        SET credential = $2, expires_at = ${timeAfter('$3')}, refresh_expires_at = ${timeAfter('$4')},
            account_id = $5, account_name = $6, scopes = $7, base_url = $8, label = coalesce($9, label),
            is_default = is_default OR $10, state = 'active', reason = NULL, version = version + 1, seq = seq + 1,
            lease_owner = NULL, lease_until = NULL, lease_epoch = lease_epoch + 1,
            intent_digest = NULL, intent_at = NULL, intent_count = 0,
            failures = 0, last_error = NULL, next_attempt_at = NULL,
            issued_at = clock_timestamp(), refreshed_at = clock_timestamp(), consented_at = clock_timestamp(),
            updated_at = clock_timestamp()
      WHERE id = $1
      RETURNING ${connectionColumns}`,
    [...valuesOf(connection), becomesDefault],
  );
  await client.query('DELETE FROM orphan_credential WHERE connection_id = $1', [connection.id]);
  return single(rows);
}

function valuesOf(connection: SealedConnection): unknown[] {
  const { id, sealed, expiresInMs, refreshExpiresInMs, account, scopes, baseUrl, label } = connection;
  return [
    id,
    sealed,
    expiresInMs ?? null,
    refreshExpiresInMs ?? null,
    account?.id ?? null,
    account?.name ?? null,
    scopes ?? null,
    baseUrl ?? null,
    label ?? null,
  ];
}

function single(rows: readonly ConnectionRow[]): ConnectionRow {
  const [row] = rows;
  if (row === undefined) throw new Error('the connection is gone');
  return row;
}

import { randomUUID } from 'node:crypto';

import type { ReauthReason } from '@action-mesh/contracts/auth-broker';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { IdleConnections } from '../../../application/connections/keep-alive.js';
import type {
  FailedRefresh,
  RefreshCommit,
  RefreshedCredential,
  RefreshLease,
  RefreshStore,
} from '../../../application/connections/refresh-store.port.js';
import type { StoredConnection } from '../../../domain/connections/stored-connection.js';
import { withChanges, type OnCommittedChanges, type RecordChange } from './connection-events.js';
import { connectionColumns, storedConnectionOf, timeAfter, type ConnectionRow } from './connection-row.js';

const leaseMs = 30_000;
const noLease = 'lease_owner = NULL, lease_until = NULL';
const noIntent = 'intent_digest = NULL, intent_at = NULL, intent_count = 0';
const noFailure = 'failures = 0, last_error = NULL, next_attempt_at = NULL';

/** Leases and results of refreshes in the rows of `connection`. The database's clock alone decides about leases. */
export class PostgresRefreshStore implements RefreshStore, IdleConnections {
  readonly #pool: pg.Pool;
  readonly #onCommitted: OnCommittedChanges;
  /** Of this broker. */
  readonly #owner = randomUUID();

  constructor(pool: pg.Pool, onCommitted: OnCommittedChanges) {
    this.#pool = pool;
    this.#onCommitted = onCommitted;
  }

  async takeLease(read: StoredConnection, digest: Buffer | undefined): Promise<RefreshLease | undefined> {
    const { rows } = await withTenant(this.#pool, read.tenantId, (client) =>
      client.query<ConnectionRow>({
        name: 'connection_lease',
        text: `UPDATE connection
                  SET lease_owner = $4, lease_until = ${timeAfter('$5')}, lease_epoch = lease_epoch + 1,
                      intent_count = CASE WHEN $6::bytea IS NULL THEN 0 WHEN intent_digest = $6 THEN intent_count + 1 ELSE 1 END,
                      intent_digest = $6, intent_at = CASE WHEN $6::bytea IS NOT NULL THEN clock_timestamp() END
                WHERE tenant_id = $1 AND id = $2 AND version = $3 AND lease_epoch = $7 AND state = 'active'
                  AND (lease_until IS NULL OR lease_until <= clock_timestamp())
                RETURNING ${connectionColumns}`,
        values: [read.tenantId, read.id, read.version, this.#owner, leaseMs, digest ?? null, read.leaseEpoch],
      }),
    );
    const [connection] = rows.map(storedConnectionOf);
    return connection && { connection, epoch: connection.leaseEpoch };
  }

  commit(
    { connection, epoch }: RefreshLease,
    refreshed: RefreshedCredential,
    orphan: Buffer,
  ): Promise<RefreshCommit> {
    const { tenantId, id, version } = connection;
    return this.#change(tenantId, async (client, record) => {
      const { rows: current } = await client.query<{
        version: string;
        lease_epoch: string;
        state: string;
        is_free: boolean;
        failures: number;
        consented_at: Date;
      }>(
        `SELECT version, lease_epoch, state, failures, consented_at, lease_until IS NULL OR lease_until <= clock_timestamp() AS is_free
           FROM connection WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
        [tenantId, id],
      );
      const [now] = current;
      if (now === undefined) return { kind: 'gone' };
      const isUsable = now.state === 'active' || now.state === 'needs_reauth';
      const isOwn = Number(now.lease_epoch) === epoch;
      if (!isUsable || Number(now.version) !== version || !(isOwn || now.is_free)) {
        // After another consent, the new credential belongs to the former grant, and perhaps to another account.
        if (now.consented_at.getTime() === connection.consentedAtMs)
          await insertOrphan(client, { connection, epoch }, orphan, refreshed.expiresInMs);
        if (!isUsable) await revokeAgain(client, connection);
        return { kind: isUsable ? 'orphaned' : 'gone' };
      }
      const row = await storeCredential(client, connection, refreshed);
      await record(row, now.state === 'needs_reauth' || now.failures > 0 ? 'recovered' : 'refreshed');
      return { kind: 'committed', connection: storedConnectionOf(row) };
    });
  }

  async orphan({ connection }: RefreshLease): Promise<Buffer | undefined> {
    const { rows } = await withTenant(this.#pool, connection.tenantId, (client) =>
      client.query<{ credential: Buffer }>(
        `SELECT credential FROM orphan_credential WHERE tenant_id = $1 AND connection_id = $2
          ORDER BY created_at DESC LIMIT 1`,
        [connection.tenantId, connection.id],
      ),
    );
    return rows[0]?.credential;
  }

  async release({ connection, epoch }: RefreshLease): Promise<void> {
    const { tenantId, id } = connection;
    await withTenant(this.#pool, tenantId, async (client) => {
      await client.query(
        `UPDATE connection SET ${noLease}, intent_count = greatest(intent_count - 1, 0)
          WHERE tenant_id = $1 AND id = $2 AND lease_epoch = $3`,
        [tenantId, id, epoch],
      );
      await forgetSettledIntent(client, tenantId, id, epoch);
    });
  }

  async fail({ connection, epoch }: RefreshLease, failed: FailedRefresh): Promise<void> {
    const { tenantId, id } = connection;
    const isFirst = connection.failures === 0;
    const settles = failed.keepsIntent ? '' : ', intent_count = greatest(intent_count - 1, 0)';
    await this.#change(tenantId, async (client, record) => {
      const { rows } = await client.query<ConnectionRow>(
        `UPDATE connection
            SET ${noLease}, failures = failures + 1, last_error = $4, next_attempt_at = ${timeAfter('$5')},
                seq = seq + $6, updated_at = clock_timestamp()${settles}
          WHERE tenant_id = $1 AND id = $2 AND lease_epoch = $3 AND state = 'active'
          RETURNING ${connectionColumns}`,
        [tenantId, id, epoch, failed.code, failed.coolDownMs ?? null, isFirst ? 1 : 0],
      );
      if (!failed.keepsIntent) await forgetSettledIntent(client, tenantId, id, epoch);
      for (const row of isFirst ? rows : []) await record(row, 'refresh_failed', failed.code);
    });
  }

  giveUp({ connection, epoch }: RefreshLease, reason: ReauthReason, code: string): Promise<boolean> {
    return this.#needUser(connection.tenantId, 'lease_epoch = $5', [
      connection.tenantId,
      connection.id,
      reason,
      code,
      epoch,
    ]);
  }

  requireReauth({ tenantId, id, version }: StoredConnection, reason: ReauthReason): Promise<boolean> {
    return this.#needUser(tenantId, 'version = $5', [tenantId, id, reason, reason, version]);
  }

  async idleFor(
    provider: string,
    ms: number,
    { most, after: lastId }: { readonly most: number; readonly after?: string | undefined },
  ): Promise<readonly StoredConnection[]> {
    const { rows } = await this.#pool.query<ConnectionRow>(
      `SELECT ${connectionColumns} FROM connection
        WHERE state = 'active' AND provider = $1 AND refreshed_at < clock_timestamp() - $2::bigint * interval '1 millisecond'
          AND (next_attempt_at IS NULL OR next_attempt_at <= clock_timestamp()) AND ($3::uuid IS NULL OR id > $3)
        ORDER BY id LIMIT $4`,
      [provider, ms, lastId ?? null, most],
    );
    return rows.map(storedConnectionOf);
  }

  #needUser(tenantId: string, condition: string, values: readonly unknown[]): Promise<boolean> {
    return this.#change(tenantId, async (client, record) => {
      const { rows } = await client.query<ConnectionRow>(
        `UPDATE connection
            SET ${noLease}, state = 'needs_reauth', reason = $3, last_error = $4, next_attempt_at = NULL,
                seq = seq + 1, updated_at = clock_timestamp()
          WHERE tenant_id = $1 AND id = $2 AND ${condition} AND state = 'active'
          RETURNING ${connectionColumns}`,
        [...values],
      );
      for (const row of rows) await record(row, 'needs_reauth');
      return rows.length > 0;
    });
  }

  #change<Result>(
    tenantId: string,
    work: (client: pg.ClientBase, record: RecordChange) => Promise<Result>,
  ): Promise<Result> {
    return withChanges(this.#pool, tenantId, this.#onCommitted, work);
  }
}

/** A refresh token that was certainly never used up needs no intent. */
async function forgetSettledIntent(
  client: pg.ClientBase,
  tenantId: string,
  id: string,
  epoch: number,
): Promise<void> {
  await client.query(
    `UPDATE connection SET ${noIntent} WHERE tenant_id = $1 AND id = $2 AND lease_epoch = $3 AND intent_count = 0`,
    [tenantId, id, epoch],
  );
}

/** The new credential and the end of the lease, in one statement. */
async function storeCredential(
  client: pg.ClientBase,
  { tenantId, id }: StoredConnection,
  { sealed, expiresInMs, refreshExpiresInMs, scopes }: RefreshedCredential,
): Promise<ConnectionRow> {
  const { rows } = await client.query<ConnectionRow>(
    `UPDATE connection
        SET credential = $3, expires_at = ${timeAfter('$4')}, refresh_expires_at = coalesce(${timeAfter('$5')}, refresh_expires_at),
            scopes = coalesce($6, scopes), version = version + 1, seq = seq + 1, state = 'active', reason = NULL,
            lease_epoch = lease_epoch + 1, ${noLease}, ${noIntent}, ${noFailure},
            issued_at = clock_timestamp(), refreshed_at = clock_timestamp(), updated_at = clock_timestamp()
      WHERE tenant_id = $1 AND id = $2
      RETURNING ${connectionColumns}`,
    [tenantId, id, sealed, expiresInMs ?? null, refreshExpiresInMs ?? null, scopes ?? null],
  );
  await client.query('DELETE FROM orphan_credential WHERE tenant_id = $1 AND connection_id = $2', [
    tenantId,
    id,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('the connection is gone');
  return row;
}

/** A refresh that outlived its disconnection left a living grant. The provider is asked to end it. */
async function revokeAgain(client: pg.ClientBase, { tenantId, id }: StoredConnection): Promise<void> {
  await client.query(
    `UPDATE connection SET state = 'revoking', next_attempt_at = clock_timestamp()
      WHERE tenant_id = $1 AND id = $2 AND state IN ('revoking', 'revoked')`,
    [tenantId, id],
  );
}

async function insertOrphan(
  client: pg.ClientBase,
  { connection, epoch }: RefreshLease,
  sealed: Buffer,
  expiresInMs: number | undefined,
): Promise<void> {
  await client.query(
    `INSERT INTO orphan_credential (connection_id, tenant_id, epoch, credential, expires_at, created_at)
     VALUES ($1, $2, $3, $4, ${timeAfter('$5')}, clock_timestamp()) ON CONFLICT DO NOTHING`,
    [connection.id, connection.tenantId, epoch, sealed, expiresInMs ?? null],
  );
}

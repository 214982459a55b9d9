import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ConnectionFilter,
  ConnectionStore,
  SealedConnection,
  StoreResult,
} from '../../../application/connections/connection-store.port.js';
import type { ConnectionOwner, StoredConnection } from '../../../domain/connections/stored-connection.js';
import { withChanges, type OnCommittedChanges } from './connection-events.js';
import { connectionColumns, storedConnectionOf, type ConnectionRow } from './connection-row.js';
import { isKnownState, saveConnection } from './save-statement.js';

const select = `SELECT ${connectionColumns} FROM connection`;

/** Connections as rows of `connection`. Each statement for one tenant runs as the role of that tenant. */
export class PostgresConnectionStore implements ConnectionStore {
  readonly #pool: pg.Pool;
  readonly #onCommitted: OnCommittedChanges;

  constructor(pool: pg.Pool, onCommitted: OnCommittedChanges) {
    this.#pool = pool;
    this.#onCommitted = onCommitted;
  }

  find(tenantId: string, id: string): Promise<StoredConnection | undefined> {
    return this.#first(tenantId, {
      name: 'connection_by_id',
      text: `${select} WHERE tenant_id = $1 AND id = $2`,
      values: [tenantId, id],
    });
  }

  findDefault({ tenantId, userId, integration }: ConnectionOwner): Promise<StoredConnection | undefined> {
    return this.#first(tenantId, {
      name: 'connection_by_default',
      text: `${select} WHERE tenant_id = $1 AND user_id = $2 AND integration = $3 AND is_default AND ${isKnownState}`,
      values: [tenantId, userId, integration],
    });
  }

  async list(
    tenantId: string,
    { userId, integration }: ConnectionFilter,
  ): Promise<readonly StoredConnection[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ConnectionRow>(
        `${select}
          WHERE tenant_id = $1 AND state <> 'revoked' AND ($2::text IS NULL OR user_id = $2)
            AND ($3::text IS NULL OR integration = $3)
          ORDER BY created_at, id`,
        [tenantId, userId ?? null, integration ?? null],
      ),
    );
    return rows.map(storedConnectionOf);
  }

  findAccount(
    { tenantId, userId, integration }: ConnectionOwner,
    accountId: string,
  ): Promise<StoredConnection | undefined> {
    return this.#first(tenantId, {
      text: `${select} WHERE tenant_id = $1 AND user_id = $2 AND integration = $3 AND account_id = $4 AND ${isKnownState}
              ORDER BY created_at LIMIT 1`,
      values: [tenantId, userId, integration, accountId],
    });
  }

  save(connection: SealedConnection): Promise<StoreResult> {
    return withChanges(this.#pool, connection.tenantId, this.#onCommitted, (client, record) =>
      saveConnection(client, connection, record),
    );
  }

  makeDefault(tenantId: string, id: string): Promise<boolean> {
    return withChanges(this.#pool, tenantId, this.#onCommitted, async (client, record) => {
      const known = await this.#known(client, tenantId, id);
      if (known === undefined) return false;
      const values = [tenantId, known.user_id, known.integration];
      // The lock comes before the row, as in a save. The state is read again under it.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify(values)]);
      const chosen = await this.#known(client, tenantId, id);
      if (chosen === undefined || chosen.is_default) return chosen !== undefined;
      await client.query(
        `UPDATE connection SET is_default = false, updated_at = clock_timestamp()
          WHERE tenant_id = $1 AND user_id = $2 AND integration = $3 AND is_default`,
        values,
      );
      const { rows } = await client.query<ConnectionRow>(
        `UPDATE connection SET is_default = true, seq = seq + 1, updated_at = clock_timestamp()
          WHERE tenant_id = $1 AND id = $2 RETURNING ${connectionColumns}`,
        [tenantId, id],
      );
      for (const row of rows) await record(row, 'made_default');
      return true;
    });
  }

  async noteUses(uses: readonly { readonly id: string; readonly atMs: number }[]): Promise<void> {
    await this.#pool.query(
      `UPDATE connection SET last_used_at = u.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS u (connection_id, at)
        WHERE id = u.connection_id AND (last_used_at IS NULL OR last_used_at < u.at - interval '1 minute')`,
      [uses.map(({ id }) => id), uses.map(({ atMs }) => new Date(atMs))],
    );
  }

  async #known(client: pg.ClientBase, tenantId: string, id: string): Promise<ConnectionRow | undefined> {
    const { rows } = await client.query<ConnectionRow>(
      `${select} WHERE tenant_id = $1 AND id = $2 AND ${isKnownState}`,
      [tenantId, id],
    );
    return rows[0];
  }

  async #first(tenantId: string, query: pg.QueryConfig): Promise<StoredConnection | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) => client.query<ConnectionRow>(query));
    return rows.map(storedConnectionOf)[0];
  }
}

import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ConnectionFilter } from '../../../application/connections/connection-store.port.js';
import type { Disconnections, DueRevocation } from '../../../application/connections/disconnections.port.js';
import type { StoredConnection } from '../../../domain/connections/stored-connection.js';
import {
  insertChange,
  withChanges,
  type CommittedChange,
  type OnCommittedChanges,
} from './connection-events.js';
import { connectionColumns, storedConnectionOf, type ConnectionRow } from './connection-row.js';

/**
 * The new epoch fences off refreshes. The default is free for another connection at once. A refresh under way may bring a
 * new credential until its lease ends, and the provider has to end that one too.
 */
const revoking = `
  UPDATE connection
     SET state = 'revoking', reason = NULL, is_default = false, seq = seq + 1, lease_epoch = lease_epoch + 1,
         lease_owner = NULL, lease_until = NULL, failures = 0, last_error = NULL,
         next_attempt_at = greatest(clock_timestamp(), lease_until), revoking_since = clock_timestamp(), updated_at = clock_timestamp()`;

interface DueRow extends ConnectionRow {
  readonly shares_grant: boolean;
  readonly orphans: readonly Buffer[] | null;
}

/** The ends of connections in the rows of `connection`. */
export class PostgresDisconnections implements Disconnections {
  readonly #pool: pg.Pool;
  readonly #onCommitted: OnCommittedChanges;

  constructor(pool: pg.Pool, onCommitted: OnCommittedChanges) {
    this.#pool = pool;
    this.#onCommitted = onCommitted;
  }

  begin(
    tenantId: string,
    { id, userId, integration }: ConnectionFilter & { readonly id?: string },
  ): Promise<number> {
    return withChanges(this.#pool, tenantId, this.#onCommitted, async (client, record) => {
      const { rows } = await client.query<ConnectionRow>(
        `${revoking}
          WHERE tenant_id = $1 AND state IN ('active', 'needs_reauth') AND ($2::uuid IS NULL OR id = $2)
            AND ($3::text IS NULL OR user_id = $3) AND ($4::text IS NULL OR integration = $4)
          RETURNING ${connectionColumns}`,
        [tenantId, id ?? null, userId ?? null, integration ?? null],
      );
      for (const row of rows) await record(row, 'revoked');
      return rows.length;
    });
  }

  beginForRemovedTenants(): Promise<number> {
    return this.#forAllTenants(async (client, changes) => {
      const { rows } = await client.query<ConnectionRow>(
        `${revoking}
          WHERE state IN ('active', 'needs_reauth')
            AND tenant_id IN (SELECT tenant_id FROM tenant WHERE removed_at IS NOT NULL)
          RETURNING ${connectionColumns}`,
      );
      for (const row of rows) changes.push(await insertChange(client, row, 'revoked'));
      return rows.length;
    });
  }

  async take(most: number): Promise<readonly DueRevocation[]> {
    const { rows } = await this.#pool.query<DueRow>(
      `UPDATE connection c SET next_attempt_at = clock_timestamp() + interval '30 seconds'
        WHERE id IN (SELECT id FROM connection WHERE state = 'revoking' AND next_attempt_at <= clock_timestamp()
                      ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING ${connectionColumns},
          EXISTS (SELECT FROM connection o
                   WHERE o.tenant_id = c.tenant_id AND o.integration = c.integration AND o.id <> c.id
                     AND o.account_id = c.account_id AND o.state IN ('active', 'needs_reauth')) AS shares_grant,
          (SELECT array_agg(o.credential ORDER BY o.created_at DESC) FROM orphan_credential o WHERE o.connection_id = c.id) AS orphans`,
      [most],
    );
    return rows.map((row) => ({
      connection: storedConnectionOf(row),
      sharesGrant: row.shares_grant,
      orphans: row.orphans ?? [],
    }));
  }

  async postpone({ id, tenantId }: StoredConnection, code: string, pauseMs: number): Promise<void> {
    await this.#pool.query(
      `UPDATE connection
          SET failures = failures + 1, last_error = $3, next_attempt_at = clock_timestamp() + $4::bigint * interval '1 millisecond'
        WHERE tenant_id = $1 AND id = $2 AND state = 'revoking'`,
      [tenantId, id, code, pauseMs],
    );
  }

  async complete({ id, tenantId }: StoredConnection, code?: string): Promise<void> {
    await withChanges(this.#pool, tenantId, this.#onCommitted, async (client, record) => {
      await client.query('DELETE FROM orphan_credential WHERE tenant_id = $1 AND connection_id = $2', [
        tenantId,
        id,
      ]);
      const { rows } = await client.query<ConnectionRow>(
        `UPDATE connection
            SET state = 'revoked', credential = NULL, expires_at = NULL, refresh_expires_at = NULL, last_error = $3,
                next_attempt_at = NULL, intent_digest = NULL, intent_at = NULL, intent_count = 0, seq = seq + 1,
                updated_at = clock_timestamp()
          WHERE tenant_id = $1 AND id = $2 AND state = 'revoking'
          RETURNING ${connectionColumns}`,
        [tenantId, id, code ?? null],
      );
      for (const row of rows) await record(row, 'revoked');
    });
  }

  async #forAllTenants(
    work: (client: pg.ClientBase, changes: CommittedChange[]) => Promise<number>,
  ): Promise<number> {
    const changes: CommittedChange[] = [];
    const count = await transact(this.#pool, (client) => work(client, changes));
    if (changes.length > 0) this.#onCommitted(changes);
    return count;
  }
}

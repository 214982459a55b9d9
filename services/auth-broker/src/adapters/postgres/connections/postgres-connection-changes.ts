import { ConnectionChanged } from '@action-mesh/contracts/auth-broker';
import type pg from 'pg';

import type { CommittedChange } from './connection-events.js';

/** Changes of connections that may not be on `mesh.connections` yet, as rows of `connection_event`. */
export class PostgresConnectionChanges {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Changes that are older than this, the oldest first. Their writers have had the time to publish them. */
  async leftovers(olderThanMs: number, most: number): Promise<readonly CommittedChange[]> {
    const { rows } = await this.#pool.query<{ id: string; value: unknown }>(
      `SELECT id, value FROM connection_event
        WHERE created_at < clock_timestamp() - $1::bigint * interval '1 millisecond'
        ORDER BY id LIMIT $2`,
      [olderThanMs, most],
    );
    return rows.map(({ id, value }) => ({ id, value: ConnectionChanged.schema.parse(value) }));
  }

  async delete(changes: readonly CommittedChange[]): Promise<void> {
    await this.#pool.query('DELETE FROM connection_event WHERE id = ANY ($1::bigint[])', [
      changes.map(({ id }) => id),
    ]);
  }
}

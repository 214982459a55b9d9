import { LimitPublished, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import type pg from 'pg';

import type { LimitStore } from '../../application/limit-store.port.js';

/** Limits as rows, each whole in one column: nothing asks for their parts. */
export class PostgresLimitStore implements LimitStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async all(): Promise<readonly LimitPolicy[]> {
    const { rows } = await this.#pool.query<{ policy: unknown }>(
      'SELECT policy FROM limit_policy ORDER BY id',
    );
    return rows.map(({ policy }) => LimitPublished.schema.parse(policy));
  }

  async put(policy: LimitPolicy): Promise<void> {
    await this.#pool.query(
      `INSERT INTO limit_policy (id, policy) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET policy = EXCLUDED.policy, updated_at = clock_timestamp()`,
      [policy.id, JSON.stringify(policy)],
    );
  }

  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query('DELETE FROM limit_policy WHERE id = $1', [id]);
    return (rowCount ?? 0) > 0;
  }
}

import type { Pool } from 'pg';

import type { AskedCalls, PolicyChange } from '../../application/asked-calls.port.js';

/** Calls that wait for an approval, in the ledger's table of waiting calls. */
export class PostgresAskedCalls implements AskedCalls {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** A call under decision at this moment is left for the next statement (L3). */
  async release(changes: readonly PolicyChange[], limit: number): Promise<number> {
    const isAll = changes.some(({ tenantId }) => tenantId === undefined);
    const { rowCount } = await this.#pool.query({
      name: 'release_asked_calls',
      text: `WITH free AS MATERIALIZED (
               SELECT tenant_id, user_id, hash FROM waiting
                WHERE reason = 'awaiting_approval' AND ($1::text[] IS NULL OR tenant_id = ANY ($1))
                ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
             UPDATE waiting w
                SET lane = 'overflow', reason = 'tenant_backlog', scope = 'tenant:' || w.tenant_id, detail = NULL,
                    due_at = w.since
               FROM free f
              WHERE w.tenant_id = f.tenant_id AND w.user_id = f.user_id AND w.hash = f.hash`,
      values: [isAll ? null : changes.flatMap(({ tenantId }) => tenantId ?? []), limit],
    });
    return rowCount ?? 0;
  }
}

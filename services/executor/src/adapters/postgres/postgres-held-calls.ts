import type { Pool } from 'pg';

import { heldBySwitch, holdScope } from '../../application/call-hold.js';
import type { HeldCalls } from '../../application/held-calls.port.js';

/** Held calls in the ledger's table of waiting calls. */
export class PostgresHeldCalls implements HeldCalls {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Steps from switch to switch through the index, however many calls each holds. */
  async holdingSwitches(): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ scope: string }>({
      name: 'holding_switches',
      text: `WITH RECURSIVE held AS (
               SELECT min(scope) AS scope FROM waiting WHERE reason = 'switched_off'
               UNION ALL
               SELECT (SELECT min(w.scope) FROM waiting w WHERE w.reason = 'switched_off' AND w.scope > h.scope)
                 FROM held h WHERE h.scope IS NOT NULL)
             SELECT scope FROM held WHERE scope IS NOT NULL`,
    });
    return rows.map(({ scope }) => heldBySwitch(scope));
  }

  /** A call under decision at this moment is left for the next statement (L3). */
  async release(switchIds: readonly string[], limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query({
      name: 'release_held_calls',
      text: `WITH free AS MATERIALIZED (
               SELECT tenant_id, user_id, hash FROM waiting
                WHERE reason = 'switched_off' AND scope = ANY ($1)
                ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
             UPDATE waiting w
                SET lane = 'overflow', reason = 'tenant_backlog', scope = 'tenant:' || w.tenant_id, due_at = w.since
               FROM free f
              WHERE w.tenant_id = f.tenant_id AND w.user_id = f.user_id AND w.hash = f.hash`,
      values: [switchIds.map(holdScope), limit],
    });
    return rowCount ?? 0;
  }
}

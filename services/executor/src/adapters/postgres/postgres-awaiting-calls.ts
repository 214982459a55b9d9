import type { Pool } from 'pg';

import { integrationScope, missingIntegration } from '../../application/auth-wait.js';
import type { AuthChange, AwaitingCalls } from '../../application/awaiting-calls.port.js';

/** Calls that wait for a connection, in the ledger's table of waiting calls. */
export class PostgresAwaitingCalls implements AwaitingCalls {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** A call under decision at this moment is left for the next statement (L3). */
  async release(changes: readonly AuthChange[], limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query({
      name: 'release_awaiting_calls',
      text: `WITH free AS MATERIALIZED (
               SELECT w.tenant_id, w.user_id, w.hash
                 FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) AS t (tenant, usr, scope, is_new)
                 JOIN waiting w ON w.reason = 'awaiting_auth' AND w.tenant_id = t.tenant
                               AND (t.usr IS NULL OR w.user_id = t.usr)
                               AND (w.scope = t.scope OR (t.is_new AND starts_with(w.scope, $5)))
                LIMIT $6 FOR UPDATE OF w SKIP LOCKED)
             UPDATE waiting w
                SET lane = 'overflow', reason = 'tenant_backlog', scope = 'tenant:' || w.tenant_id, detail = NULL,
                    due_at = w.since
               FROM free f
              WHERE w.tenant_id = f.tenant_id AND w.user_id = f.user_id AND w.hash = f.hash`,
      values: [
        changes.map(({ tenantId }) => tenantId),
        changes.map(({ userId }) => userId ?? null),
        changes.map(({ integration }) => integrationScope(integration)),
        changes.map(({ isNewIntegration = false }) => isNewIntegration),
        missingIntegration,
        limit,
      ],
    });
    return rowCount ?? 0;
  }
}

import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ConnectionPages,
  ConnectionSlice,
} from '../../../application/connection-administration/connection-pages.port.js';
import type { ConnectionFilter } from '../../../application/connections/connection-store.port.js';
import { connectionColumns, storedConnectionOf, type ConnectionRow } from './connection-row.js';

/** Pages over the rows of `connection`. Their ids grow with time, so they give the order. */
export class PostgresConnectionPages implements ConnectionPages {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async page(
    tenantId: string,
    {
      userId,
      integration,
      limit,
      after,
    }: ConnectionFilter & { readonly limit: number; readonly after?: string },
  ): Promise<ConnectionSlice> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ConnectionRow>(
        `SELECT ${connectionColumns} FROM connection
          WHERE tenant_id = $1 AND state <> 'revoked' AND ($2::text IS NULL OR user_id = $2)
            AND ($3::text IS NULL OR integration = $3) AND ($4::uuid IS NULL OR id > $4)
          ORDER BY id LIMIT $5`,
        [tenantId, userId ?? null, integration ?? null, after ?? null, limit + 1],
      ),
    );
    return { connections: rows.slice(0, limit).map(storedConnectionOf), hasMore: rows.length > limit };
  }
}

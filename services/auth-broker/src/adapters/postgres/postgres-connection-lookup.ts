import type { ConnectionState } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ConnectionLookup,
  FoundConnection,
} from '../../application/connect-sessions/connection-lookup.port.js';

interface FoundRow {
  readonly id: string;
  readonly user_id: string;
  readonly integration: string;
  readonly state: ConnectionState;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly scopes: readonly string[] | null;
}

const columns = 'id, user_id, integration, state, account_id, account_name, scopes';

/** Reads rows of `connection`, as the role of their tenant. */
export class PostgresConnectionLookup implements ConnectionLookup {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  find(tenantId: string, connectionId: string): Promise<FoundConnection | undefined> {
    return this.#one(tenantId, 'tenant_id = $1 AND id = $2', [connectionId]);
  }

  findDefault(tenantId: string, userId: string, integration: string): Promise<FoundConnection | undefined> {
    const where = `tenant_id = $1 AND user_id = $2 AND integration = $3 AND is_default AND state <> 'revoked'`;
    return this.#one(tenantId, where, [userId, integration]);
  }

  async sharesGrant(tenantId: string, integration: string, accountId: string | undefined): Promise<boolean> {
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        `SELECT FROM connection
          WHERE tenant_id = $1 AND integration = $2 AND state IN ('active', 'needs_reauth')
            AND ($3::text IS NULL OR account_id IS NULL OR account_id = $3) LIMIT 1`,
        [tenantId, integration, accountId ?? null],
      ),
    );
    return (rowCount ?? 0) > 0;
  }

  async #one(
    tenantId: string,
    where: string,
    values: readonly unknown[],
  ): Promise<FoundConnection | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<FoundRow>(`SELECT ${columns} FROM connection WHERE ${where}`, [tenantId, ...values]),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      connectionId: row.id,
      userId: row.user_id,
      integration: row.integration,
      state: row.state,
      ...defined({
        accountId: row.account_id ?? undefined,
        accountName: row.account_name ?? undefined,
        scopes: row.scopes ?? undefined,
      }),
    };
  }
}

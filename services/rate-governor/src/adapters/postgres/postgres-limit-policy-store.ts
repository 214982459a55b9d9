import { LimitPublished, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  LimitPolicyStore,
  LimitsOfTenant,
  TenantLimit,
} from '../../application/limit-policy-store.port.js';

/**
 * Limits as rows, each whole in one column, because no query needs their parts. A row without a policy was removed. The
 * methods for one tenant run as the role of that tenant.
 */
export class PostgresLimitPolicyStore implements LimitPolicyStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async all(): Promise<readonly LimitPolicy[]> {
    const { rows } = await this.#pool.query<{ policy: unknown }>(
      'SELECT policy FROM limit_policy WHERE policy IS NOT NULL ORDER BY tenant_id, id',
    );
    return rows.map(({ policy }) => LimitPublished.schema.parse(policy));
  }

  async removed(): Promise<readonly TenantLimit[]> {
    const { rows } = await this.#pool.query<TenantLimit>(
      'SELECT tenant_id AS "tenantId", id FROM limit_policy WHERE policy IS NULL',
    );
    return rows;
  }

  async of(tenantId: string): Promise<LimitsOfTenant> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<{ id: string; policy: unknown }>(
        'SELECT id, policy FROM limit_policy WHERE tenant_id = $1 ORDER BY id',
        [tenantId],
      ),
    );
    return {
      limits: rows
        .filter(({ policy }) => policy !== null)
        .map(({ policy }) => LimitPublished.schema.parse(policy)),
      removed: rows.filter(({ policy }) => policy === null).map(({ id }) => id),
    };
  }

  put(limit: TenantLimit, policy: LimitPolicy): Promise<void> {
    return this.#set(limit, JSON.stringify(policy));
  }

  remove(limit: TenantLimit): Promise<void> {
    return this.#set(limit, null);
  }

  async forget(limits: readonly TenantLimit[]): Promise<void> {
    await this.#pool.query(
      `DELETE FROM limit_policy USING unnest($1::text[], $2::text[]) AS u (tenant, limit_id)
        WHERE tenant_id = u.tenant AND id = u.limit_id AND policy IS NULL`,
      [limits.map(({ tenantId }) => tenantId), limits.map(({ id }) => id)],
    );
  }

  async #set({ tenantId, id }: TenantLimit, policy: string | null): Promise<void> {
    await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        `INSERT INTO limit_policy (tenant_id, id, policy) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, id) DO UPDATE SET policy = EXCLUDED.policy, updated_at = clock_timestamp()`,
        [tenantId, id, policy],
      ),
    );
  }
}

import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChangedBy } from '../../application/api-key-store.port.js';
import type { TenantStore } from '../../application/tenant-store.port.js';
import type { StoredTenant } from '../../domain/stored-tenant.js';
import type { TenantSettings } from '../../domain/tenant-settings.js';
import { selectTenants, storedTenantOf, type TenantRow } from './tenant-row.js';

const isSameAddress = 'kept.jwks_url = EXCLUDED.jwks_url';

/** Tenants as rows of `tenant` and `token_issuer`. */
export class PostgresTenantStore implements TenantStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(): Promise<readonly StoredTenant[]> {
    const { rows } = await this.#pool.query<TenantRow>(`${selectTenants} ORDER BY tenant_id`);
    return rows.map(storedTenantOf);
  }

  async find(id: string): Promise<StoredTenant | undefined> {
    const { rows } = await this.#pool.query<TenantRow>(`${selectTenants} AND tenant_id = $1`, [id]);
    return rows.map(storedTenantOf)[0];
  }

  async put(id: string, { quota, issuers }: TenantSettings, atMs: number): Promise<void> {
    const at = new Date(atMs);
    const rows = issuers.map((each, position) => ({
      issuer: each.issuer,
      position,
      jwks_url: 'jwksUrl' in each ? each.jwksUrl : null,
      keys: 'jwksUrl' in each ? [] : each.keys,
    }));
    await transact(this.#pool, async (client) => {
      await client.query(
        `INSERT INTO tenant (tenant_id, quota, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) DO UPDATE SET quota = EXCLUDED.quota, removed_at = NULL, removed_by = NULL`,
        [id, quota === undefined ? null : JSON.stringify(quota), at],
      );
      await client.query('DELETE FROM token_issuer WHERE tenant_id = $1 AND NOT issuer = ANY ($2::text[])', [
        id,
        rows.map(({ issuer }) => issuer),
      ]);
      // An unchanged address keeps its last good reading, which counts for a day.
      await client.query(
        `INSERT INTO token_issuer AS kept (tenant_id, issuer, position, jwks_url, keys, next_read_at)
         SELECT $1, r.issuer, r.position, r.jwks_url, r.keys, CASE WHEN r.jwks_url IS NOT NULL THEN $3::timestamptz END
           FROM json_to_recordset($2) AS r (issuer text, position integer, jwks_url text, keys jsonb)
         ON CONFLICT (tenant_id, issuer) DO UPDATE
            SET position = EXCLUDED.position, jwks_url = EXCLUDED.jwks_url, next_read_at = EXCLUDED.next_read_at,
                keys = CASE WHEN ${isSameAddress} THEN kept.keys ELSE EXCLUDED.keys END,
                left_out = CASE WHEN ${isSameAddress} THEN kept.left_out ELSE EXCLUDED.left_out END,
                read_at = CASE WHEN ${isSameAddress} THEN kept.read_at END,
                problem = CASE WHEN ${isSameAddress} THEN kept.problem END`,
        [id, JSON.stringify(rows), at],
      );
    });
  }

  remove(id: string, { holder, atMs }: ChangedBy): Promise<boolean> {
    return transact(this.#pool, async (client) => {
      const change = [id, new Date(atMs), holder];
      const { rowCount } = await client.query(
        'UPDATE tenant SET removed_at = $2, removed_by = $3 WHERE tenant_id = $1 AND removed_at IS NULL',
        change,
      );
      if (rowCount === 0) return false;
      await client.query(
        'UPDATE api_key SET revoked_at = $2, revoked_by = $3 WHERE tenant_id = $1 AND revoked_at IS NULL',
        change,
      );
      return true;
    });
  }
}

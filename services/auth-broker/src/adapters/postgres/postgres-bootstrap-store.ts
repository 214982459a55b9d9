import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { Adoption, BootstrapStore } from '../../application/bootstrap-store.port.js';
import type { StoredKey } from '../../domain/stored-key.js';
import { insertKey } from './postgres-api-key-store.js';

interface FoundRow {
  readonly isSame: boolean;
  readonly hasEnded: boolean;
}

/** The keys of the environment, as rows of `api_key` with `is_bootstrap`. */
export class PostgresBootstrapStore implements BootstrapStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  adopt(key: StoredKey): Promise<Adoption> {
    return transact(this.#pool, async (client) => {
      const { id, tenant_id: tenantId, use, digest, scopes } = key.identity;
      // The lock on the tenant lets one instance adopt its key after the other.
      await client.query(
        `INSERT INTO tenant AS kept (tenant_id, created_at) VALUES ($1, $2)
         ON CONFLICT (tenant_id) DO UPDATE SET removed_at = NULL, removed_by = NULL`,
        [tenantId, key.createdAt],
      );
      const found = await client.query<FoundRow>(
        `SELECT tenant_id = $2 AND use = $3 AND digest = $4 AND is_bootstrap AS "isSame",
                revoked_at IS NOT NULL OR coalesce(expires_at <= $5, false) AS "hasEnded"
           FROM api_key WHERE id = $1`,
        [id, tenantId, use, digest, key.createdAt],
      );
      const [row] = found.rows;
      if (row !== undefined && !row.isSame) return { state: 'other', revoked: [] };
      if (row?.hasEnded === true) return { state: 'ended', revoked: [] };
      if (row === undefined) await insertKey(client, key, true);
      // A later version of the mesh may have more scopes.
      else await client.query('UPDATE api_key SET scopes = $2 WHERE id = $1', [id, scopes]);
      const revoked = await client.query<{ id: string }>(
        `UPDATE api_key SET revoked_at = $4, revoked_by = $5
          WHERE tenant_id = $1 AND use = $2 AND id <> $3 AND is_bootstrap AND revoked_at IS NULL RETURNING id`,
        [tenantId, use, id, key.createdAt, key.createdBy],
      );
      return {
        state: row === undefined ? 'created' : 'kept',
        revoked: revoked.rows.map((each) => each.id),
      };
    });
  }
}

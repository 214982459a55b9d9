import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ChangedBy,
  KeyCreation,
  ApiKeyStore,
  KeyUsage,
  ReplacedKey,
} from '../../application/api-key-store.port.js';
import type { StoredKey } from '../../domain/stored-key.js';
import { isKnown, keyColumns, storedKeyOf, type KeyRow } from './key-row.js';

/** The most known keys of a tenant, and the most users in them: every door holds all of them in memory. */
const mostKeys = 1_000;
const mostUsers = 10_000;
/** A rotation leaves the old key for its overlap, so it has this many times the room. */
const roomForRotation = 2;

/** Keys as rows of `api_key`. The methods for one tenant run as the role of that tenant. */
export class PostgresApiKeyStore implements ApiKeyStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  create(key: StoredKey): Promise<KeyCreation> {
    return withTenant(this.#pool, key.identity.tenant_id, async (client) => {
      const room = await roomFor(client, key, 1);
      if (room === 'created') await insertKey(client, key);
      return room;
    });
  }

  async list(tenantId: string, nowMs: number): Promise<readonly StoredKey[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<KeyRow>(
        `SELECT ${keyColumns} FROM api_key WHERE ${isKnown} AND tenant_id = $2 ORDER BY created_at, id`,
        [new Date(nowMs), tenantId],
      ),
    );
    return rows.map(storedKeyOf);
  }

  async find(tenantId: string, id: string, nowMs: number): Promise<StoredKey | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<KeyRow>(
        `SELECT ${keyColumns} FROM api_key WHERE ${isKnown} AND tenant_id = $2 AND id = $3`,
        [new Date(nowMs), tenantId, id],
      ),
    );
    return rows.map(storedKeyOf)[0];
  }

  replace(old: ReplacedKey, successor: StoredKey, by: ChangedBy): Promise<KeyCreation | 'taken'> {
    return withTenant(this.#pool, old.tenantId, async (client) => {
      const room = await roomFor(client, successor, roomForRotation);
      if (room !== 'created') return room;
      const { rowCount } = await client.query(
        `UPDATE api_key
            SET replaced_by = $3,
                expires_at = coalesce($4::timestamptz, expires_at),
                revoked_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END,
                revoked_by = CASE WHEN $4::timestamptz IS NULL THEN $6 END
          WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL AND replaced_by IS NULL`,
        [
          old.tenantId,
          old.id,
          successor.identity.id,
          old.expiresAtMs === undefined ? null : new Date(old.expiresAtMs),
          new Date(by.atMs),
          by.holder,
        ],
      );
      if (rowCount !== 1) return 'taken';
      await insertKey(client, successor);
      return 'created';
    });
  }

  async revoke(tenantId: string, id: string, { holder, atMs }: ChangedBy): Promise<boolean> {
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query(
        `UPDATE api_key SET revoked_at = $1, revoked_by = $4 WHERE ${isKnown} AND tenant_id = $2 AND id = $3`,
        [new Date(atMs), tenantId, id, holder],
      ),
    );
    return rowCount === 1;
  }

  async recordUses(uses: readonly KeyUsage[]): Promise<void> {
    await this.#pool.query(
      `UPDATE api_key SET last_used_at = u.used_at
         FROM unnest($1::text[], $2::timestamptz[]) AS u (key_id, used_at)
        WHERE id = u.key_id AND (last_used_at IS NULL OR last_used_at < u.used_at)`,
      [uses.map(({ id }) => id), uses.map(({ usedAtMs }) => new Date(usedAtMs))],
    );
  }
}

/** Whether the tenant has room for the key. The lock on the tenant lets no two callers pass a limit together. */
async function roomFor(
  client: pg.ClientBase,
  { identity, createdAt }: StoredKey,
  times: number,
): Promise<KeyCreation> {
  const { tenant_id: tenantId, users = [] } = identity;
  const tenant = await client.query(
    'SELECT FROM tenant WHERE tenant_id = $1 AND removed_at IS NULL FOR UPDATE',
    [tenantId],
  );
  if (tenant.rowCount === 0) return 'no_tenant';
  const counted = await client.query<{ keys: number; users: number }>(
    `SELECT count(*)::integer AS keys, coalesce(sum(cardinality(users)), 0)::integer AS users
       FROM api_key WHERE ${isKnown} AND tenant_id = $2`,
    [createdAt, tenantId],
  );
  const [known] = counted.rows;
  if (known === undefined) return 'too_many';
  const hasRoom = known.keys < times * mostKeys && known.users + users.length <= times * mostUsers;
  return hasRoom ? 'created' : 'too_many';
}

/** Inserts a key as it is. */
export async function insertKey(
  client: pg.ClientBase,
  { identity, role, note, createdAt, createdBy }: StoredKey,
  isBootstrap = false,
): Promise<void> {
  await client.query(
    `INSERT INTO api_key (id, tenant_id, use, environment, digest, holder, role, scopes, tools, users, expires_at, quota,
                          note, created_at, created_by, is_bootstrap)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      identity.id,
      identity.tenant_id,
      identity.use,
      identity.environment,
      identity.digest,
      identity.holder,
      role,
      identity.scopes,
      identity.tools ?? null,
      identity.users ?? null,
      identity.expires_at ?? null,
      identity.quota === undefined ? null : JSON.stringify(identity.quota),
      note ?? null,
      createdAt,
      createdBy,
      isBootstrap,
    ],
  );
}

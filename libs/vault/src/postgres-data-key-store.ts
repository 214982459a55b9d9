import type { DataKeyStore, LockedDataKeys, StoredDataKey, WrappedKey } from '@action-mesh/crypto';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

interface DataKeyRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly created_at: Date;
  readonly kids: readonly string[];
  readonly wraps: readonly Buffer[];
}

const select = `
  SELECT d.id, d.tenant_id, d.created_at, array_agg(w.kid ORDER BY w.seq) AS kids, array_agg(w.wrapped ORDER BY w.seq) AS wraps
    FROM data_key d JOIN data_key_wrap w ON w.data_key_id = d.id`;

/** Data keys as rows of `data_key` and `data_key_wrap`. */
export class PostgresDataKeyStore implements DataKeyStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async current(tenantId: string): Promise<StoredDataKey | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<DataKeyRow>(`${select} WHERE d.tenant_id = $1 AND d.retired_at IS NULL GROUP BY d.id`, [
        tenantId,
      ]),
    );
    return rows.map(storedDataKeyOf)[0];
  }

  async find(tenantId: string, id: string): Promise<StoredDataKey | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<DataKeyRow>(`${select} WHERE d.tenant_id = $1 AND d.id = $2 GROUP BY d.id`, [
        tenantId,
        id,
      ]),
    );
    return rows.map(storedDataKeyOf)[0];
  }

  makeCurrent(key: StoredDataKey, replaces: string | undefined): Promise<boolean> {
    return withTenant(this.#pool, key.tenantId, async (client) => {
      if (replaces !== undefined) {
        const retired = await client.query(
          'UPDATE data_key SET retired_at = $3 WHERE tenant_id = $1 AND id = $2 AND retired_at IS NULL',
          [key.tenantId, replaces, new Date(key.createdAtMs)],
        );
        if (retired.rowCount !== 1) return false;
      }
      const { rowCount } = await client.query(
        `INSERT INTO data_key (id, tenant_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id) WHERE retired_at IS NULL DO NOTHING`,
        [key.id, key.tenantId, new Date(key.createdAtMs)],
      );
      if (rowCount === 1) await putWraps(client, key.tenantId, key.id, key.wraps);
      return rowCount === 1;
    });
  }

  async lockedTo(kids: readonly string[]): Promise<LockedDataKeys> {
    const { rows } = await this.#pool.query<{ kids: readonly string[] | null; count: number }>(
      `SELECT array_agg(DISTINCT w.kid) AS kids, count(DISTINCT d.id)::integer AS count
         FROM data_key d LEFT JOIN data_key_wrap w ON w.data_key_id = d.id
        WHERE NOT EXISTS (SELECT FROM data_key_wrap o WHERE o.data_key_id = d.id AND o.kid = ANY ($1::text[]))`,
      [kids],
    );
    return { kids: rows[0]?.kids ?? [], count: rows[0]?.count ?? 0 };
  }

  async anyWrappedBy(kid: string): Promise<StoredDataKey | undefined> {
    const { rows } = await this.#pool.query<DataKeyRow>(
      `${select} WHERE d.id = (SELECT data_key_id FROM data_key_wrap WHERE kid = $1 LIMIT 1) GROUP BY d.id`,
      [kid],
    );
    return rows.map(storedDataKeyOf)[0];
  }

  async toWrap(kids: readonly string[], limit: number): Promise<readonly StoredDataKey[]> {
    const { rows } = await this.#pool.query<DataKeyRow>(
      `${select}
        GROUP BY d.id
       HAVING count(*) FILTER (WHERE w.kid = ANY ($1::text[])) BETWEEN 1 AND cardinality($1::text[]) - 1
           OR (array_agg(w.kid ORDER BY w.seq DESC) FILTER (WHERE w.kid = ANY ($1::text[])))[1] <> ($1::text[])[1]
        ORDER BY d.id LIMIT $2`,
      [kids, limit],
    );
    return rows.map(storedDataKeyOf);
  }

  putWraps(tenantId: string, id: string, wraps: readonly WrappedKey[]): Promise<void> {
    return withTenant(this.#pool, tenantId, (client) => putWraps(client, tenantId, id, wraps));
  }

  async dropWraps(kids: readonly string[], beforeMs: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM data_key_wrap w USING data_key_wrap own
        WHERE own.data_key_id = w.data_key_id AND own.kid = ($1::text[])[1]
          AND w.kid <> ALL ($1::text[]) AND w.seq < own.seq AND w.wrapped_at < $2`,
      [kids, new Date(beforeMs)],
    );
    return rowCount ?? 0;
  }
}

/** Each row gets its own `seq`, in the order of the list. */
async function putWraps(
  client: pg.ClientBase,
  tenantId: string,
  id: string,
  wraps: readonly WrappedKey[],
): Promise<void> {
  // Two instances that wrap one key at the same time take turns.
  await client.query('SELECT FROM data_key WHERE id = $1 FOR UPDATE', [id]);
  await client.query('DELETE FROM data_key_wrap WHERE data_key_id = $1 AND kid = ANY ($2::text[])', [
    id,
    wraps.map(({ kid }) => kid),
  ]);
  for (const { kid, wrapped } of wraps)
    await client.query(
      'INSERT INTO data_key_wrap (data_key_id, tenant_id, kid, wrapped, wrapped_at) VALUES ($1, $2, $3, $4, clock_timestamp())',
      [id, tenantId, kid, wrapped],
    );
}

function storedDataKeyOf(row: DataKeyRow): StoredDataKey {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    createdAtMs: row.created_at.getTime(),
    wraps: row.kids.map((kid, index) => ({ kid, wrapped: row.wraps[index] ?? Buffer.alloc(0) })),
  };
}

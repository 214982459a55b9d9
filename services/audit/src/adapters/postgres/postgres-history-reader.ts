import type { AuditEntry, AuditPage, AuditQuery, RunQuery } from '@action-mesh/contracts/audit';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { HistoryReader, RunEntries, SignedEnd } from '../../application/history-reader.port.js';
import { shownEntry } from '../../domain/shown-entry.js';
import { entryConditions } from './entry-conditions.js';

/** The most entries of one call that are read. A call with more has a story without its last ones. */
const mostOfCall = 1_000;

/** The entries among which a page searches for those that fit a filter without an index. */
const searched = 20_000;

interface ShownRow {
  readonly seq: string;
  readonly hash: Buffer;
  readonly body: string;
  readonly content: string | null;
  readonly user_id: string | null;
}

const columns = `e.seq, e.hash, e.body, e.content,
  (SELECT p.user_id FROM person p WHERE p.tenant_id = e.tenant_id AND p.person = e.person) AS user_id`;

/** Asks the history. Each statement runs as the role of the tenant. */
export class PostgresHistoryReader implements HistoryReader {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  list(tenantId: string, query: AuditQuery): Promise<AuditPage> {
    return withTenant(this.#pool, tenantId, async (client) => {
      const { indexed, conditions, values } = entryConditions(tenantId, query);
      const top = query.cursor === undefined ? await topOf(client, tenantId) : Number(query.cursor);
      // The places have no gaps, so a range of places bounds the work.
      const bottom = indexed ? 0 : Math.max(0, top - searched);
      values.push(top, bottom, query.limit + 1);
      const count = values.length;
      const { rows } = await client.query<ShownRow>(
        `SELECT ${columns} FROM entry e
          WHERE ${conditions.join(' AND ')} AND e.seq < $${count - 2} AND e.seq >= $${count - 1}
          ORDER BY e.seq DESC LIMIT $${count}`,
        values,
      );
      const entries = rows.slice(0, query.limit).map(shown);
      const last = rows.length > query.limit ? entries.at(-1)?.seq : undefined;
      const next = last ?? (bottom > 1 ? bottom : undefined);
      return { entries, ...(next === undefined ? {} : { cursor: String(next) }) };
    });
  }

  async ofCall(tenantId: string, callId: string): Promise<readonly AuditEntry[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ShownRow>(
        `SELECT ${columns} FROM entry e WHERE e.tenant_id = $1 AND e.call_id = $2 ORDER BY e.seq LIMIT ${mostOfCall}`,
        [tenantId, callId],
      ),
    );
    return rows.map(shown);
  }

  ofRun(tenantId: string, runId: string, { limit, cursor = 0 }: RunQuery): Promise<RunEntries> {
    return withTenant(this.#pool, tenantId, async (client) => {
      const { rows: calls } = await client.query<{ call_id: string; first: string }>(
        `SELECT call_id, min(seq) AS first FROM entry
          WHERE tenant_id = $1 AND run_id = $2 AND call_id IS NOT NULL
          GROUP BY call_id HAVING min(seq) > $3 ORDER BY min(seq) LIMIT $4`,
        [tenantId, runId, cursor, limit + 1],
      );
      const page = calls.slice(0, limit);
      const { rows } = await client.query<ShownRow & { call_id: string }>(
        `SELECT c.call_id, ${columns.replaceAll('e.', 'e.')}
           FROM unnest($2::text[]) AS c (call_id)
          CROSS JOIN LATERAL (
            SELECT * FROM entry e WHERE e.tenant_id = $1 AND e.call_id = c.call_id ORDER BY e.seq LIMIT ${mostOfCall}) e`,
        [tenantId, page.map(({ call_id: callId }) => callId)],
      );
      const byCall = new Map(page.map(({ call_id: callId }) => [callId, [] as AuditEntry[]]));
      for (const row of rows) byCall.get(row.call_id)?.push(shown(row));
      const last = calls.length > limit ? page.at(-1)?.first : undefined;
      return { calls: [...byCall.values()], ...(last === undefined ? {} : { cursor: last }) };
    });
  }

  async end(tenantId: string): Promise<SignedEnd | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<{ seq: string; hash: Buffer; signature: Buffer | null }>(
        `SELECT c.seq, c.hash, e.signature
           FROM chain c LEFT JOIN entry e ON e.tenant_id = c.tenant_id AND e.seq = c.seq
          WHERE c.tenant_id = $1`,
        [tenantId],
      ),
    );
    const [end] = rows;
    if (end === undefined) return undefined;
    const { seq, hash, signature } = end;
    return {
      seq: Number(seq),
      hash: hash.toString('hex'),
      ...(signature === null ? {} : { signature: signature.toString('base64') }),
    };
  }
}

async function topOf(client: pg.ClientBase, tenantId: string): Promise<number> {
  const { rows } = await client.query<{ seq: string }>('SELECT seq FROM chain WHERE tenant_id = $1', [
    tenantId,
  ]);
  return Number(rows[0]?.seq ?? 0) + 1;
}

function shown({ seq, hash, body, content, user_id: userId }: ShownRow): AuditEntry {
  return shownEntry({
    seq: Number(seq),
    hash: hash.toString('hex'),
    body,
    content: content ?? undefined,
    userId: userId ?? undefined,
  });
}

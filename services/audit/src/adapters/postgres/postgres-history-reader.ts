import type { AuditEntry, AuditPage, AuditQuery, RunQuery } from '@action-mesh/contracts/audit';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { HistoryReader, RunEntries, SignedEnd } from '../../application/history-reader.port.js';
import { shownEntry } from '../../domain/shown-entry.js';
import { entryConditions } from './entry-conditions.js';
import { searchedPlaces } from './searched-places.js';

/** The most entries of one call that are read. A call with more has a story without its last ones. */
const mostOfCall = 1_000;

interface ShownRow {
  readonly seq: string;
  readonly hash: Buffer;
  readonly body: string;
  readonly content: string | null;
  readonly user_id: string | null;
}

interface RunCallRow {
  readonly call_id: string;
  readonly first: string;
  readonly duplicates: string;
}

/**
 * The calls of a run after a place, without those that are duplicates of another call of the run, and with their number. The
 * body is canonical JSON, where no text can hold this member: its quotation marks would be escaped.
 */
const callsOfRun = `
  WITH of_run AS (
    SELECT call_id, min(seq) AS first, max(substring(body FROM '"duplicate_of":"([^"]+)"')) AS original
      FROM entry WHERE tenant_id = $1 AND run_id = $2 AND call_id IS NOT NULL GROUP BY call_id),
  copies AS (
    SELECT d.original, count(*) AS duplicates FROM of_run d JOIN of_run o ON o.call_id = d.original
     WHERE d.call_id <> o.call_id GROUP BY d.original)
  SELECT r.call_id, r.first, coalesce(c.duplicates, 0) AS duplicates
    FROM of_run r LEFT JOIN copies c ON c.original = r.call_id
   WHERE r.first > $3
     AND NOT EXISTS (SELECT FROM of_run o WHERE o.call_id = r.original AND o.call_id <> r.call_id)
   ORDER BY r.first LIMIT $4`;

const columns = `e.seq, e.hash, e.body, e.content,
  (SELECT p.user_id FROM person p WHERE p.tenant_id = e.tenant_id AND p.person = e.person) AS user_id`;

/** Asks the history. Each statement runs as the role of the tenant. */
export class PostgresHistoryReader implements HistoryReader {
  readonly #pool: pg.Pool;
  readonly #searchedAtOnce: number;

  /** `searchedAtOnce` is the number of entries among which a page searches for those that fit a filter without an index. */
  constructor(pool: pg.Pool, searchedAtOnce = 20_000) {
    this.#pool = pool;
    this.#searchedAtOnce = searchedAtOnce;
  }

  list(tenantId: string, query: AuditQuery): Promise<AuditPage> {
    return withTenant(this.#pool, tenantId, async (client) => {
      const { indexed, conditions, values } = entryConditions(tenantId, query);
      const { bottom: lowest, top } = await searchedPlaces(client, tenantId, query);
      // The places have no gaps, so a range of places bounds the work.
      const bottom = indexed ? lowest : Math.max(lowest, top - this.#searchedAtOnce);
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
      const next = last ?? (bottom > lowest ? bottom : undefined);
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
      const { rows: calls } = await client.query<RunCallRow>(callsOfRun, [
        tenantId,
        runId,
        cursor,
        limit + 1,
      ]);
      const page = calls.slice(0, limit);
      const { rows } = await client.query<ShownRow & { call_id: string }>(
        `SELECT c.call_id, ${columns}
           FROM unnest($2::text[]) AS c (call_id)
          CROSS JOIN LATERAL (
            SELECT * FROM entry e WHERE e.tenant_id = $1 AND e.call_id = c.call_id ORDER BY e.seq LIMIT ${mostOfCall}) e`,
        [tenantId, page.map(({ call_id: callId }) => callId)],
      );
      const byCall = new Map(page.map(({ call_id: callId }) => [callId, [] as AuditEntry[]]));
      for (const row of rows) byCall.get(row.call_id)?.push(shown(row));
      const last = calls.length > limit ? page.at(-1)?.first : undefined;
      const told = page.map(({ call_id: callId, duplicates }) => ({
        entries: byCall.get(callId) ?? [],
        duplicates: Number(duplicates),
      }));
      return { calls: told, ...(last === undefined ? {} : { cursor: last }) };
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

function shown({ seq, hash, body, content, user_id: userId }: ShownRow): AuditEntry {
  return shownEntry({
    seq: Number(seq),
    hash: hash.toString('hex'),
    body,
    content: content ?? undefined,
    userId: userId ?? undefined,
  });
}

import type pg from 'pg';

import type { PrunedMark } from '../../application/chain-store.port.js';
import type { VerifiableRecord } from '../../domain/chain-verifier.js';
import { userKeyOf } from '../../domain/entry-text.js';

interface StoredRecord {
  readonly seq: string;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
  readonly signature: Buffer | null;
  readonly body: string;
  readonly content: string | null;
  readonly key: Buffer | null;
  readonly id: string;
  readonly kind: string;
  readonly at: Date;
  readonly recorded_at: Date;
  readonly trace_id: string | null;
  readonly call_id: string | null;
  readonly agent_id: string | null;
  readonly run_id: string | null;
  readonly tool: string | null;
  readonly status: string | null;
  readonly error_category: string | null;
  readonly person: string | null;
  readonly user_id: string | null;
}

/** The records of a chain after a place, in their order, at most `limit`. */
export async function recordsAfter(
  client: pg.ClientBase | pg.Pool,
  tenantId: string,
  seq: number,
  limit: number,
): Promise<VerifiableRecord[]> {
  const { rows } = await client.query<StoredRecord>({
    name: 'chain_after',
    text: `SELECT e.seq, e.prev_hash, e.hash, e.signature, e.body, e.content, p.key, e.id, e.kind, e.at,
                  e.recorded_at, e.trace_id, e.call_id, e.agent_id, e.run_id, e.tool, e.status, e.error_category,
                  e.person, p.user_id
             FROM entry e LEFT JOIN person p ON p.tenant_id = e.tenant_id AND p.person = e.person
            WHERE e.tenant_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
    values: [tenantId, seq, limit],
  });
  return rows.map(verifiable);
}

/** The newest mark of retention, if there is one. */
export async function newestMark(
  client: pg.ClientBase | pg.Pool,
  tenantId: string,
): Promise<PrunedMark | undefined> {
  const { rows } = await client.query<{ seq: string; hash: Buffer; at: string; signature: Buffer }>(
    'SELECT seq, hash, at, signature FROM pruned_mark WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
    [tenantId],
  );
  return rows.map((row): PrunedMark => ({ ...row, seq: Number(row.seq) }))[0];
}

function verifiable(row: StoredRecord): VerifiableRecord {
  return {
    seq: Number(row.seq),
    previous: row.prev_hash,
    hash: row.hash,
    signature: row.signature ?? undefined,
    body: row.body,
    content: row.content ?? undefined,
    contentKey: row.key ?? undefined,
    userId: row.user_id ?? undefined,
    userKey: row.key === null ? undefined : userKeyOf(row.key),
    repeated: {
      id: row.id,
      kind: row.kind,
      at: row.at,
      recorded_at: row.recorded_at,
      trace_id: row.trace_id ?? undefined,
      call_id: row.call_id ?? undefined,
      agent_id: row.agent_id ?? undefined,
      run_id: row.run_id ?? undefined,
      tool: row.tool ?? undefined,
      status: row.status ?? undefined,
      error_category: row.error_category ?? undefined,
      person: row.person ?? undefined,
    },
  };
}

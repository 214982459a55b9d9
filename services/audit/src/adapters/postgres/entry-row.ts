import type pg from 'pg';

import type { ChainRecord } from '../../domain/chain-record.js';
import type { NewEntry } from '../../domain/new-entry.js';

/** A row of `entry`, as JSON for the insert. Hashes are hex. */
export interface EntryRow {
  readonly tenant_id: string;
  readonly seq: number;
  readonly id: string;
  readonly prev_hash: string;
  readonly hash: string;
  signature?: string;
  readonly body: string;
  readonly content: string | undefined;
  readonly kind: string;
  readonly at: string;
  readonly recorded_at: string;
  readonly trace_id: string | undefined;
  readonly call_id: string | undefined;
  readonly agent_id: string | undefined;
  readonly run_id: string | undefined;
  readonly tool: string | undefined;
  readonly status: string | undefined;
  readonly error_category: string | undefined;
  readonly person: string | undefined;
}

/** The row of an entry at its place. */
export function entryRow(
  entry: NewEntry,
  record: ChainRecord,
  person: string | undefined,
  recordedAt: string,
): EntryRow {
  return {
    tenant_id: entry.tenantId,
    seq: record.seq,
    id: entry.id,
    prev_hash: record.previous.toString('hex'),
    hash: record.hash.toString('hex'),
    body: record.body,
    content: record.content,
    kind: entry.kind,
    at: entry.at,
    recorded_at: recordedAt,
    trace_id: entry.traceId,
    call_id: entry.callId,
    agent_id: entry.agentId,
    run_id: entry.runId,
    tool: entry.tool,
    status: entry.status,
    error_category: entry.errorCategory,
    person,
  };
}

/** Inserts rows for many tenants by one statement. */
export async function insertEntries(client: pg.ClientBase, rows: readonly EntryRow[]): Promise<void> {
  await client.query({
    name: 'insert_entries',
    text: `INSERT INTO entry (tenant_id, seq, id, prev_hash, hash, signature, body, content, kind, at, recorded_at,
                              trace_id, call_id, agent_id, run_id, tool, status, error_category, person)
           SELECT n.tenant_id, n.seq, n.id, decode(n.prev_hash, 'hex'), decode(n.hash, 'hex'),
                  decode(n.signature, 'hex'), n.body, n.content, n.kind, n.at, n.recorded_at,
                  n.trace_id, n.call_id, n.agent_id, n.run_id, n.tool, n.status, n.error_category, n.person
             FROM json_to_recordset($1) AS n (
                    tenant_id text, seq bigint, id uuid, prev_hash text, hash text, signature text, body text,
                    content text, kind text, at timestamptz, recorded_at timestamptz, trace_id text, call_id text,
                    agent_id text, run_id text, tool text, status text, error_category text, person uuid)`,
    values: [JSON.stringify(rows)],
  });
}

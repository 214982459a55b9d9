import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { ClientBase, Pool } from 'pg';

import type { OutboxRecord } from '../../application/outbox-publisher.port.js';
import type { NewCall, Recorded } from '../../application/ledger.port.js';
import { compareKeys, lockKey } from './lock-order.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';
import { writeTrace } from './trace-column.js';

/** The result of `record_calls` for one call. */
export interface RecordedRow {
  readonly verdict: Recorded['verdict'];
  readonly claimId: string | null;
  readonly due?: OutboxRecord;
  /** The call that has the idempotency key, where the verdict is `key_conflict` and the key still has a call. */
  readonly keyHolder?: string;
}

interface Row extends Omit<OutboxRow, 'kind' | 'key'> {
  readonly ord: number;
  readonly verdict: Recorded['verdict'];
  readonly claim_id: string | null;
}

/** Rows that the statement may delete along the way. */
export interface Leftovers {
  readonly published: readonly string[];
  readonly finished: readonly string[];
}

/** One call of `record_calls`. Returns a row for each entry, in the order of the entries. */
export async function recordCalls(
  database: Pool | ClientBase,
  instanceId: string,
  marginMs: number,
  entries: readonly NewCall[],
  leftovers: Leftovers,
): Promise<RecordedRow[]> {
  const sorted = entries.map((entry, index) => ({ entry, index, key: lockKey(entry.call) }));
  sorted.sort((a, b) => compareKeys(a.key, b.key));
  const column = <V>(value: (entry: NewCall) => V): V[] => sorted.map(({ entry }) => value(entry));
  const { rows } = await database.query<Row>({
    name: 'record_calls',
    text: `SELECT * FROM record_calls($1, $2 * interval '1 ms', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                                      $17, $18, $19, $20, $21, $22, $23, $24, $25,
                                      $26, $27, $28, $29)`,
    values: [
      instanceId,
      marginMs,
      column(({ call }) => call.call_id),
      column(({ call }) => call.tenant_id),
      column(({ call }) => call.user_id),
      column(({ call }) => Buffer.from(call.hash, 'hex')),
      column(({ call }) => Buffer.from(call.content_hash, 'hex')),
      column(({ call }) => call.idempotency_key ?? null),
      column(({ trace }) => writeTrace(trace)),
      column(({ call: { agent } }) => (agent === undefined ? null : JSON.stringify(agent))),
      column(({ call }) => requestText(call)),
      column(({ start }) => (start === 'refused' ? 'REFUSED' : start.state)),
      column(({ start }) => (start === 'refused' ? 0 : start.fence)),
      column(({ start }) => (start === 'refused' ? 0 : start.attempt)),
      column(({ intent }) => intent?.providerKey ?? null),
      column(({ intent }) => intent?.digest ?? null),
      column(({ outcome }) => outcome ?? null),
      column(({ validityMs }) => validityMs),
      column(({ origin }) => origin ?? null),
      column(({ call }) => call.tool.slug),
      column(({ park }) => park?.delayMs ?? null),
      column(({ park }) => park?.reason ?? null),
      column(({ park }) => park?.scope ?? null),
      column(({ call }) => call.saga_id ?? null),
      column(({ call }) => call.compensates ?? null),
      column(({ freshOnly }) => freshOnly ?? false),
      column(({ arrivedAtMs }) => arrivedAtMs ?? null),
      leftovers.published,
      leftovers.finished,
    ],
  });
  const results = new Array<RecordedRow>(entries.length);
  for (const row of rows) {
    const place = sorted[row.ord - 1];
    if (place === undefined) continue;
    const due = outboxRecord({ ...row, kind: null, key: null });
    results[place.index] = {
      verdict: row.verdict,
      claimId: row.claim_id,
      ...(due === undefined ? {} : { due }),
      ...(row.verdict === 'key_conflict' && row.call_id !== null ? { keyHolder: row.call_id } : {}),
    };
  }
  return results;
}

/** The arguments come last: a reader of the other members need not read them (see json-head). */
function requestText({ arguments: given, ...call }: AcceptedCall): string {
  return JSON.stringify({ ...call, arguments: given });
}

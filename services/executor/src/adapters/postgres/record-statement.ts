import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';
import type { ClientBase, Pool } from 'pg';

import type { OutboxRecord } from '../../application/outbox-publisher.port.js';
import type { NewCall, Recorded } from '../../application/ledger.port.js';
import { bytea, hexBytea, jsonRows } from './json-rows.js';
import { compareKeys, lockKey } from './lock-order.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';
import { verdictText } from './policy-column.js';
import { writeTrace } from './trace-column.js';
import { approvalColumns, detailText, firstLaneOf, waitMsOf } from './wait-lane.js';

/** The result of `record_calls` for one call. */
export interface RecordedRow {
  readonly verdict: Recorded['verdict'];
  readonly claimId: string | null;
  readonly due?: OutboxRecord;
  /** The call that has the idempotency key. Set when the verdict is `key_conflict` and the key still has a call. */
  readonly keyHolder?: string;
}

interface Row extends Omit<OutboxRow, 'kind' | 'key'> {
  readonly ord: number;
  readonly verdict: Recorded['verdict'];
  readonly claim_id: string | null;
}

/** Calls `record_calls` once. Returns a row for each entry, in the order of the entries. */
export async function recordCalls(
  database: Pool | ClientBase,
  instanceId: string,
  marginMs: number,
  entries: readonly NewCall[],
): Promise<RecordedRow[]> {
  const sorted = entries.map((entry, index) => ({ entry, index, key: lockKey(entry.call) }));
  sorted.sort((a, b) => compareKeys(a.key, b.key));
  const { rows } = await database.query<Row>({
    name: 'record_calls',
    text: `SELECT * FROM record_calls($1, $2 * interval '1 ms', $3)`,
    values: [instanceId, marginMs, jsonRows(sorted.map(({ entry }) => callColumns(entry)))],
  });
  const results = new Array<RecordedRow>(entries.length);
  for (const row of rows) {
    const place = sorted[row.ord - 1];
    if (place === undefined) continue;
    const due = outboxRecord({ ...row, kind: null, key: null }, place.entry.call.tenant_id);
    results[place.index] = {
      verdict: row.verdict,
      claimId: row.claim_id,
      ...defined({ due }),
      ...(row.verdict === 'key_conflict' && row.call_id !== null ? { keyHolder: row.call_id } : {}),
    };
  }
  return results;
}

/** The members of the SQL type `new_call`. An absent member is null. */
export function callColumns(entry: NewCall): object {
  const { call, trace, start, intent, park } = entry;
  const { state, fence, attempt } = start === 'refused' ? refused : start;
  return {
    call_id: call.call_id,
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    hash: hexBytea(call.hash),
    content_hash: hexBytea(call.content_hash),
    idempotency_key: keyColumn(call),
    trace: writeTrace(trace),
    agent: call.agent === undefined ? undefined : JSON.stringify(call.agent),
    request: requestText(call),
    state,
    fence,
    attempt,
    provider_key: intent?.providerKey,
    digest: intent === undefined ? undefined : bytea(intent.digest),
    connection_id: intent?.connectionId,
    outcome: entry.outcome,
    validity_ms: entry.validityMs,
    origin: entry.origin,
    tool: call.tool.slug,
    wait_ms: park === undefined ? undefined : waitMsOf(park),
    wait_lane: park === undefined ? undefined : firstLaneOf(park),
    wait_reason: park?.reason,
    wait_scope: park?.scope,
    wait_detail: park === undefined ? undefined : detailText(park),
    ...approvalColumns(park),
    policy: verdictText(entry.policy),
    saga_id: call.saga_id,
    compensates: call.compensates,
    fresh_only: entry.freshOnly,
    arrived_ms: entry.arrivedAtMs,
  };
}

/** The row of a submission that becomes no call. */
const refused = { state: 'REFUSED', fence: 0, attempt: 0 };

/** A call that is not live has keys of its own. No key of a caller has a control character, so none takes this form. */
function keyColumn({ idempotency_key: key, mode }: AcceptedCall): string | undefined {
  return key === undefined || mode === 'live' ? key : `${mode}\u0001${key}`;
}

/** The request with its arguments last: a reader of the other members can stop before them (see json-head). */
function requestText({ arguments: given, ...call }: AcceptedCall): string {
  return JSON.stringify({ ...call, arguments: given });
}

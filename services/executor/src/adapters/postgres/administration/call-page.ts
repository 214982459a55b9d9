import {
  readPageCursor,
  writePageCursor,
  type CallPage,
  type CallQuery,
  type CallState,
  type CallStatus,
  type CallSummary,
  type OutcomeOfCall,
} from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';
import type { ClientBase } from 'pg';

import { outcomeHead, requestHead } from '../json-head.js';

interface Row {
  /** The last submission that the page read, and how many it read. */
  readonly end_us: string;
  readonly end_id: string;
  readonly looked: number;
  /** The submission. All of it is null when the page found none. */
  readonly call_id: string | null;
  readonly at_us: string;
  readonly original_id: string | null;
  readonly user_id: string;
  readonly agent: string | null;
  readonly state: CallState | null;
  readonly attempt: number | null;
  readonly request: string | null;
  readonly outcome: string | null;
  readonly submitted_at: Date;
  readonly ended_at: Date | null;
}

/**
 * The most submissions that a page with filters reads. A filter that matches few calls never reads the whole ledger.
 */
const mostLookedAt = 5_000;

const microseconds = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;

/**
 * The text filters drop only rows that cannot match. A text that contains the member may contain it in the arguments.
 * PostgreSQL cannot read the member itself, because its JSON functions refuse texts with "\u0000".
 */
const text = `
  WITH looked_at AS MATERIALIZED (
    SELECT call_id, tenant_id, user_id, hash, original_id, agent, refusal, received_at
      FROM submission
     WHERE tenant_id = $1
       AND ($2::timestamptz IS NULL OR received_at > $2) AND ($3::timestamptz IS NULL OR received_at < $3)
       AND ($4::bigint IS NULL
            OR (received_at, call_id) < ('epoch'::timestamptz + $4::bigint * interval '1 microsecond', $5::uuid))
     ORDER BY received_at DESC, call_id DESC LIMIT $6),
  ending AS (
    SELECT ${microseconds('received_at')} AS end_us, call_id AS end_id, (count(*) OVER ())::integer AS looked
      FROM looked_at ORDER BY received_at, call_id LIMIT 1),
  found AS (
    SELECT s.call_id, ${microseconds('s.received_at')} AS at_us, s.original_id, s.user_id, s.agent, c.state, c.attempt,
           ${requestHead('c.request')} AS request, ${outcomeHead('coalesce(s.refusal, c.outcome)')} AS outcome,
           s.received_at AS submitted_at, c.ended_at
      FROM looked_at s
      LEFT JOIN LATERAL (
        SELECT state, attempt, request, outcome, ended_at FROM call
         WHERE tenant_id = s.tenant_id AND user_id = s.user_id AND hash = s.hash
           AND call_id = coalesce(s.original_id, s.call_id)
        UNION ALL
        SELECT state, attempt, request, outcome, ended_at FROM call_history
         WHERE tenant_id = s.tenant_id AND call_id = coalesce(s.original_id, s.call_id)
        LIMIT 1) c ON s.refusal IS NULL
     WHERE ($7::text IS NULL OR s.user_id = $7)
       AND ($8::text[] IS NULL OR coalesce(c.state, 'FAILED') = ANY ($8))
       AND ($9::text IS NULL OR strpos(coalesce(s.agent, c.request, s.refusal), $9) > 0)
       AND ($10::text IS NULL OR strpos(coalesce(s.agent, c.request, s.refusal), $10) > 0)
       AND ($11::text IS NULL OR strpos(coalesce(c.request, s.refusal), $11) > 0)
       AND ($12::text IS NULL OR strpos(coalesce(s.refusal, c.outcome), $12) > 0)
       AND ($13::text IS NULL OR strpos(c.request, $13) > 0)
     ORDER BY s.received_at DESC, s.call_id DESC LIMIT $14)
  SELECT e.*, f.* FROM ending e LEFT JOIN found f ON true ORDER BY f.submitted_at DESC, f.call_id DESC`;

const statesOf: Readonly<Record<CallStatus, readonly CallState[]>> = {
  running: ['CLAIMED', 'DISPATCHING'],
  waiting: ['RECEIVED', 'RETRY_WAIT', 'THROTTLED', 'AWAITING_AUTH', 'AWAITING_APPROVAL'],
  indeterminate: ['INDETERMINATE'],
  needs_review: ['NEEDS_REVIEW'],
  dead: ['DEAD'],
  succeeded: ['SUCCEEDED'],
  failed: ['FAILED'],
  cancelled: ['CANCELLED'],
  dry_run: ['REHEARSED'],
  shadowed: ['REHEARSED'],
};

/** A page of the calls of a tenant, the newest first. */
export async function readCalls(client: ClientBase, tenantId: string, query: CallQuery): Promise<CallPage> {
  const { limit, cursor, received_after, received_before, ...filters } = query;
  const { user_id, status, agent_id, run_id, tool, error_code } = filters;
  const before = cursor === undefined ? undefined : readPageCursor(cursor);
  const mostLooked = Object.values(filters).some((filter) => filter !== undefined) ? mostLookedAt : limit + 1;
  const { rows } = await client.query<Row>(text, [
    tenantId,
    received_after ?? null,
    received_before ?? null,
    before?.atUs ?? null,
    before?.callId ?? null,
    mostLooked,
    user_id ?? null,
    status === undefined ? null : statesOf[status],
    member('"id":', agent_id),
    member('"run_id":', run_id),
    member('"tool":{"slug":', tool),
    member('"error":{"code":', error_code),
    member('"mode":', status === 'dry_run' ? 'dry_run' : status === 'shadowed' ? 'shadow' : undefined),
    limit + 1,
  ]);
  const found = rows.filter(({ call_id }) => call_id !== null);
  const page = found.slice(0, limit);
  const calls = page.map(summary).filter((call) => fits(call, query));
  const last = found.length > limit ? page.at(-1) : undefined;
  if (last?.call_id != null)
    return { calls, cursor: writePageCursor({ atUs: last.at_us, callId: last.call_id }) };
  const [end] = rows;
  return end?.looked === mostLooked
    ? { calls, cursor: writePageCursor({ atUs: end.end_us, callId: end.end_id }) }
    : { calls };
}

function member(name: string, value: string | undefined): string | null {
  return value === undefined ? null : name + JSON.stringify(value);
}

/** Compares whole values, since the text filters compare only parts. */
function fits(call: CallSummary, { agent_id, run_id, tool, error_code, status }: CallQuery): boolean {
  return (
    (status === undefined || call.status === status) &&
    (agent_id === undefined || call.agent?.id === agent_id) &&
    (run_id === undefined || call.agent?.run_id === run_id) &&
    (tool === undefined || call.tool === tool) &&
    (error_code === undefined || call.error?.code === error_code)
  );
}

function summary(row: Row): CallSummary {
  const request = read(row.request) as Pick<AcceptedCall, 'agent' | 'tool' | 'mode'> | undefined;
  const outcome = read(row.outcome) as Pick<OutcomeOfCall, 'agent' | 'tool' | 'error'> | undefined;
  const own = read(row.agent) as AcceptedCall['agent'];
  const agent = own ?? request?.agent ?? outcome?.agent;
  const tool = request?.tool.slug ?? outcome?.tool.slug;
  const state = row.state ?? 'FAILED';
  const endedAt = row.state === null ? row.submitted_at : row.ended_at;
  return {
    call_id: row.call_id ?? '',
    ...(row.original_id === null ? {} : { duplicate_of: row.original_id }),
    user_id: row.user_id,
    ...defined({ tool, agent }),
    status: state === 'REHEARSED' ? rehearsedStatus(request?.mode) : statusOf(state),
    state,
    attempts: row.attempt ?? 0,
    ...(outcome?.error === undefined ? {} : { error: outcome.error }),
    received_at: row.submitted_at.toISOString(),
    ...(endedAt === null ? {} : { ended_at: endedAt.toISOString() }),
  };
}

function statusOf(state: CallState): CallStatus {
  for (const [status, states] of Object.entries(statesOf) as [CallStatus, readonly CallState[]][]) {
    if (states.includes(state)) return status;
  }
  return 'running';
}

function rehearsedStatus(mode: AcceptedCall['mode'] | undefined): CallStatus {
  return mode === 'shadow' ? 'shadowed' : 'dry_run';
}

function read(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json);
}

import { callViewSchema, type CallView, type WaitReason } from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import { JsonText } from '@action-mesh/kernel';
import type { ClientBase } from 'pg';

import { attemptsOf, statesOf, type KnownTimes } from './call-times.js';
import { readVerdict } from './policy-column.js';
import { shownWait } from './shown-wait.js';
import { readTrace } from './trace-column.js';

interface Row extends KnownTimes {
  call_id: string;
  original_id: string | null;
  refusal: string | null;
  trace: string;
  submitted_at: Date;
  own_agent: string | null;
  request: string | null;
  outcome: string | null;
  waiting: { reason: WaitReason; until: string; scope: string | null; detail: string | null } | null;
  connection_id: string | null;
  policy: string | null;
  compensated_by: CallView['compensating_actions'] | null;
}

const text = `
  SELECT s.call_id, s.original_id, s.refusal, s.trace, s.received_at AS submitted_at, s.agent AS own_agent,
         c.state, c.attempt, c.request, c.received_at, c.ended_at, c.dispatched_at, c.sent_at, c.renewed_at, c.tried, c.connection_id,
         c.policy,
         (SELECT w.since FROM waiting w
           WHERE w.tenant_id = c.tenant_id AND w.user_id = c.user_id AND w.hash = c.hash AND w.call_id = c.call_id) AS waiting_since,
         (SELECT d.died_at FROM dead d
           WHERE d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.hash = c.hash AND d.call_id = c.call_id) AS died_at,
         CASE WHEN s.refusal IS NOT NULL THEN outcome_value(s.call_id, NULL, false, 1, s.refusal)
              WHEN c.outcome IS NOT NULL THEN outcome_value(s.call_id, s.original_id, s.replayed, c.seq, c.outcome)
         END AS outcome,
         (SELECT json_build_object('reason', w.reason, 'scope', w.scope, 'detail', w.detail, 'until', w.due_at) FROM waiting w
           WHERE w.tenant_id = c.tenant_id AND w.user_id = c.user_id AND w.hash = c.hash AND w.call_id = c.call_id) AS waiting,
         (SELECT json_agg(json_build_object('call_id', m.call_id, 'tool', m.tool, 'status', outcome_status(o.state)) ORDER BY m.call_id)
            FROM compensation m
            JOIN call o ON o.tenant_id = m.tenant_id AND o.user_id = m.user_id AND o.hash = m.hash AND o.call_id = m.call_id
           WHERE m.tenant_id = s.tenant_id AND m.compensates = c.call_id) AS compensated_by
    FROM submission s
    LEFT JOIN LATERAL (
      SELECT * FROM call
       WHERE tenant_id = s.tenant_id AND user_id = s.user_id AND hash = s.hash
         AND call_id = coalesce(s.original_id, s.call_id)
      UNION ALL
      SELECT * FROM call_history WHERE call_id = coalesce(s.original_id, s.call_id) AND tenant_id = s.tenant_id
      LIMIT 1) c ON s.refusal IS NULL
   WHERE s.call_id = $2 AND s.tenant_id = $1`;

/** The call of a submission, as its submitter sees it. */
export async function findCall(
  client: ClientBase,
  tenantId: string,
  callId: string,
): Promise<CallView | undefined> {
  const { rows } = await client.query<Row>({ name: 'find_call', text, values: [tenantId, callId] });
  const [row] = rows;
  if (row === undefined) return undefined;
  const shared = {
    call_id: row.call_id,
    trace_id: readTrace(row.trace).traceId,
    outcome: row.outcome === null ? undefined : new JsonText(row.outcome),
  };
  if (row.request === null) {
    // A refused submission became no call. Its outcome is the only record of it.
    return callViewSchema.parse({
      // The mesh alone writes this text. It holds no provider's answer.
      ...(JSON.parse(row.outcome ?? '{}') as object),
      ...shared,
      state: 'FAILED',
      attempts: 0,
      received_at: row.submitted_at.toISOString(),
      ended_at: row.submitted_at.toISOString(),
    });
  }
  const call = CallAccepted.schema.parse(JSON.parse(row.request));
  return callViewSchema.parse({
    ...shared,
    duplicate_of: row.original_id ?? undefined,
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    tool: call.tool,
    mode: call.mode,
    arguments: call.arguments,
    agent: row.own_agent === null ? call.agent : (JSON.parse(row.own_agent) as CallView['agent']),
    scope: call.scope,
    occurrence: call.occurrence,
    hash: call.hash,
    idempotency_key: call.idempotency_key,
    deadline: call.deadline,
    connection_id: row.connection_id ?? undefined,
    ...readVerdict(row.policy),
    states: statesOf(row),
    tried: attemptsOf(row, shared.outcome),
    saga_id: call.saga_id,
    compensates: call.compensates,
    corrects: call.corrects,
    waiting: waitingOf(row),
    compensating_actions: row.compensated_by ?? undefined,
    state: row.state,
    attempts: row.attempt,
    received_at: row.received_at?.toISOString(),
    ended_at: row.ended_at?.toISOString(),
  });
}

function waitingOf({ waiting }: Row): CallView['waiting'] {
  if (waiting === null) return undefined;
  const { until, ...columns } = waiting;
  return shownWait({ ...columns, dueAt: new Date(until) });
}

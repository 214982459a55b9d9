import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { jsonAt } from '@action-mesh/kernel';
import type { IncomingRecord } from '@action-mesh/messaging';

import type { Facts, NewEntry } from '../../../domain/new-entry.js';
import { entryContent } from './entry-content.js';
import { recordPlace } from './record-place.js';

/** The entry of an outcome: the observation, or the wait before it. */
export function outcomeEntry(outcome: OutcomeOfCall, record: IncomingRecord): NewEntry {
  const { agent, tool, error } = outcome;
  return {
    ...recordPlace(CallOutcome, record),
    tenantId: outcome.tenant_id,
    kind: outcome.compensating_actions === undefined ? `call.${outcome.status}` : 'call.compensated',
    at: outcome.at,
    callId: outcome.call_id,
    agentId: agent?.id,
    runId: agent?.run_id,
    step: agent?.step,
    tool: tool.slug,
    toolVersion: tool.version,
    status: outcome.status,
    errorCategory: error?.category,
    userId: outcome.user_id,
    facts: outcomeFacts(outcome),
    content: entryContent(personalOf(outcome), {
      result: outcome.result === undefined ? undefined : resultText(record),
    }),
  };
}

function outcomeFacts(outcome: OutcomeOfCall): Facts {
  const { waiting, policy, upstream, tried } = outcome;
  return {
    seq: outcome.seq,
    attempts: outcome.attempts,
    duration_ms: Math.round(outcome.duration_ms),
    received_at: outcome.received_at,
    ended_at: outcome.ended_at,
    replayed: outcome.replayed ? true : undefined,
    recovered: outcome.recovered ? true : undefined,
    redrives: outcome.redrives,
    duplicate_of: outcome.duplicate_of,
    error_code: outcome.error?.code,
    circuit_breaker_status: outcome.circuit_breaker_status,
    connection_id: outcome.connection_id,
    upstream_status_code: upstream?.status_code,
    upstream_incomplete: upstream?.incomplete,
    saga_id: outcome.saga_id,
    compensates: outcome.compensates,
    compensating_actions: outcome.compensating_actions,
    waiting: waiting && { reason: waiting.reason, until: waiting.until, scope: waiting.scope },
    approval: waiting?.approval && {
      id: waiting.approval.id,
      rule: waiting.approval.rule,
      expires_at: waiting.approval.expires_at,
      arguments_digest: waiting.approval.arguments_digest,
    },
    policy: policy && {
      decision: policy.decision,
      rule: policy.rule?.id,
      revision: policy.rule?.revision,
      approval: policy.approval?.id,
    },
    tried: tried?.map(({ attempt, at, kind, evidence, status_code, refused, times }) => ({
      attempt,
      at,
      kind,
      evidence,
      status_code,
      refused,
      times,
    })),
  };
}

/** Messages and names. The link of a connect session is a secret of its user, and stays out. */
function personalOf(outcome: OutcomeOfCall): Record<string, unknown> {
  const { error, waiting, policy, tried, preview } = outcome;
  const messages = tried?.flatMap(({ attempt, message }) =>
    message === undefined ? [] : { attempt, message },
  );
  return {
    error: error && { message: error.message, fix: error.fix, errors: error.errors },
    resolved_by: outcome.resolved_by,
    policy: policy && {
      explained: policy.explained,
      reason: policy.rule?.reason,
      decided_by: policy.approval?.by,
    },
    approval_reason: waiting?.approval?.reason,
    missing_scopes: waiting?.missing_scopes,
    tried: messages === undefined || messages.length === 0 ? undefined : messages,
    request: preview?.request,
  };
}

function resultText({ value }: IncomingRecord): string | undefined {
  return jsonAt(value?.toString('utf8') ?? '{}', '/result');
}

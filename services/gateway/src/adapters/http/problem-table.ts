import { CallRefusedError } from '@action-mesh/admission';
import { defined } from '@action-mesh/kernel';

import {
  BacklogFullError,
  MeshUnavailableError,
  QuotaSpentError,
  RequestRefusedError,
  StreamLimitError,
  SwitchedOffError,
  ToolkitChangedError,
  type RefusalCode,
} from '../../domain/gateway.errors.js';
import type { ProblemDetails } from './problem.js';
import { HttpProblemError } from './problem.js';

/** Status and title of every refusal. The domain defines the codes; refused outcomes on Kafka carry them too. */
const refusals: Readonly<Record<RefusalCode, readonly [status: number, title: string]>> = {
  approval_decided: [409, 'Decided before'],
  approval_digest_mismatch: [409, 'Other arguments'],
  approval_not_found: [404, 'Approval not found'],
  approval_own_request: [403, 'Own request'],
  body_missing: [400, 'Body missing'],
  body_too_large: [413, 'Body too large'],
  call_already_ended: [409, 'Call already ended'],
  call_already_sent: [409, 'Call already sent'],
  call_id_conflict: [422, 'Call id already used'],
  call_not_found: [404, 'Call not found'],
  call_not_succeeded: [409, 'Call not succeeded'],
  call_not_waiting: [409, 'Call not waiting'],
  call_too_large: [413, 'Call too large'],
  connect_session_not_found: [404, 'Connect session not found'],
  catalog_refused: [409, 'Refused by the catalog'],
  connection_not_found: [404, 'Connection not found'],
  cursor_expired: [410, 'Cursor expired'],
  cursor_unknown: [422, 'Cursor unknown'],
  dead_letter_not_found: [404, 'Dead call not found'],
  delivery_not_found: [404, 'Delivery not found'],
  delivery_refused: [401, 'Delivery refused'],
  delivery_unreadable: [422, 'Delivery unreadable'],
  deadline_passed: [422, 'Deadline passed'],
  dedupe_scope_missing: [422, 'Scope missing'],
  flow_not_found: [404, 'Flow not found'],
  flow_run_conflict: [409, 'Not possible now'],
  flow_run_not_found: [404, 'Run not found'],
  idempotency_key_conflict: [422, 'Idempotency key already used'],
  idempotency_key_invalid: [400, 'Idempotency key malformed'],
  idempotency_key_mismatch: [422, 'Two idempotency keys'],
  idempotency_key_on_batch: [422, 'Idempotency key on several calls'],
  identity_conflict: [409, 'Not possible now'],
  integration_not_found: [404, 'Integration not found'],
  invalid_arguments: [422, 'Invalid arguments'],
  invalid_catalog_request: [422, 'Invalid request to the catalog'],
  invalid_json: [400, 'Invalid JSON'],
  invalid_limit: [422, 'Invalid limit'],
  invalid_request: [422, 'Invalid request'],
  invalid_trigger: [422, 'Invalid trigger'],
  key_limited: [403, 'Key limited'],
  key_not_found: [404, 'Key not found'],
  limit_is_code: [409, 'Limit is code'],
  limit_not_found: [404, 'Limit not found'],
  not_compensable: [422, 'Not compensable'],
  not_in_catalog: [404, 'Not in the catalog'],
  policy_not_found: [404, 'Policy not found'],
  preference_invalid: [400, 'Preference malformed'],
  provider_not_found: [404, 'Provider not found'],
  result_not_found: [404, 'No result'],
  result_not_ready: [409, 'No result yet'],
  right_missing: [403, 'Right missing'],
  run_not_found: [404, 'Run not found'],
  scope_needs_run_id: [422, 'Run missing'],
  scope_needs_session_id: [422, 'Session missing'],
  switch_not_found: [404, 'Switch not found'],
  tenant_not_found: [404, 'Tenant not found'],
  tool_name_taken: [409, 'Name already taken'],
  tool_not_found: [404, 'Tool not found'],
  tool_version_not_found: [404, 'Tool version not found'],
  too_many_calls: [422, 'Too many calls'],
  trigger_conflict: [409, 'Not possible now'],
  trigger_needs_signature: [409, 'Trigger needs a signature'],
  trigger_not_found: [404, 'Trigger not found'],
  user_not_allowed: [403, 'User not allowed'],
  verdict_needed: [409, 'Verdict needed'],
  verdict_not_needed: [409, 'Verdict not needed'],
  webhook_delivery_not_found: [404, 'Webhook delivery not found'],
  webhook_endpoint_not_found: [404, 'Webhook endpoint not found'],
};

/** The statuses of the problems that no refusal of the domain has. */
const otherStatuses = {
  address_too_long: 414,
  bad_request: 400,
  content_coding_not_supported: 415,
  deliveries_refused: 429,
  header_too_large: 431,
  host_not_served: 421,
  internal_error: 500,
  invalid_content_coding: 400,
  media_type_not_supported: 415,
  mesh_unavailable: 503,
  method_not_allowed: 405,
  not_found: 404,
  origin_not_allowed: 403,
  quota_spent: 429,
  scope_missing: 403,
  switched_off: 423,
  tenant_backlog_full: 429,
  too_many_streams: 429,
  toolkit_changed: 409,
  unauthorized: 401,
} as const;

/** The code of a problem document. */
export type ProblemCode = RefusalCode | keyof typeof otherStatuses;

/** The status under which the gateway answers with a problem. */
export function problemStatus(code: ProblemCode): number {
  return code in otherStatuses
    ? otherStatuses[code as keyof typeof otherStatuses]
    : refusals[code as RefusalCode][0];
}

/** The time after which a retry against an unavailable mesh makes sense, seconds. */
const retryAfterS = '2';

/** The time after which a retry makes sense when another change of the toolkit came first, seconds. */
const retryChangeAfterS = 1;

/**
 * The problem document for an error, or `undefined` for a defect of the gateway. The only place that translates errors
 * of the mesh. HTTP refusals (401, 403, 405) are problems from the start.
 */
export function problemOf(thrown: unknown): HttpProblemError | undefined {
  if (thrown instanceof HttpProblemError) return thrown;
  if (thrown instanceof CallRefusedError || thrown instanceof RequestRefusedError) {
    const [status, title] = refusals[thrown.refusal];
    return new HttpProblemError({
      status,
      title,
      code: thrown.refusal,
      detail: thrown.message,
      fix: thrown.fix,
      ...(thrown.problems.length === 0 ? {} : { errors: thrown.problems }),
      ...aboutCall(thrown),
    });
  }
  if (thrown instanceof ToolkitChangedError) {
    return new HttpProblemError(
      {
        status: 409,
        title: 'Toolkit changed meanwhile',
        code: 'toolkit_changed',
        detail: thrown.message,
        fix: 'The request changed nothing. Look at the toolkit if the other change may matter, and send the request again.',
        retry_after: retryChangeAfterS,
      },
      { 'retry-after': String(retryChangeAfterS) },
    );
  }
  if (thrown instanceof BacklogFullError) {
    return new HttpProblemError(
      {
        status: 429,
        title: 'Backlog full',
        code: 'tenant_backlog_full',
        detail: thrown.message,
        fix: `Send the same request again in ${thrown.retryAfterS} s. Nothing was accepted and nothing is lost.`,
        retry_after: thrown.retryAfterS,
      },
      rateLimitHeaders(thrown.limit, thrown.retryAfterS),
    );
  }
  if (thrown instanceof QuotaSpentError) {
    const { limit, retryAfterS } = thrown.spent;
    return new HttpProblemError(
      {
        status: 429,
        title: 'Quota spent',
        code: 'quota_spent',
        detail: thrown.message,
        fix: `Send the same request again in ${retryAfterS} s. Nothing was accepted and nothing is lost.`,
        retry_after: retryAfterS,
      },
      rateLimitHeaders(limit, retryAfterS),
    );
  }
  if (thrown instanceof StreamLimitError) {
    return new HttpProblemError(
      {
        status: 429,
        title: 'Too many streams',
        code: 'too_many_streams',
        detail: thrown.message,
        fix: 'Close a stream, or read several users, runs or calls by one stream. A cursor continues without a gap.',
        retry_after: Number(retryAfterS),
      },
      { 'retry-after': retryAfterS },
    );
  }
  if (thrown instanceof SwitchedOffError) {
    return new HttpProblemError({
      status: 423,
      title: 'Switched off',
      code: 'switched_off',
      detail: thrown.message,
      fix: 'Send the same request again after the switch was lifted. GET /v1/switches shows the switches that are on.',
      switch_id: thrown.switchId,
    });
  }
  if (thrown instanceof MeshUnavailableError) {
    return new HttpProblemError(
      {
        status: 503,
        title: 'Mesh unavailable',
        code: 'mesh_unavailable',
        detail: thrown.message,
        fix: thrown.fix,
        ...defined({ call_id: thrown.callId }),
      },
      { 'retry-after': retryAfterS },
    );
  }
  return undefined;
}

/** The fields of a 429: nothing is left until the given time, in seconds. */
function rateLimitHeaders(limit: number, retryAfterS: number): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': '0',
    'ratelimit-reset': String(retryAfterS),
    'retry-after': String(retryAfterS),
  };
}

function aboutCall(
  refused: CallRefusedError | RequestRefusedError,
): Pick<ProblemDetails, 'call_id' | 'trace_id' | 'conflicts_with' | 'decision'> {
  if (!(refused instanceof RequestRefusedError)) return {};
  if (refused.decision !== undefined) return { decision: refused.decision };
  if (refused.call === undefined) return {};
  const { call, conflictsWith } = refused;
  const about = { call_id: call.callId, trace_id: call.traceId };
  return conflictsWith === undefined ? about : { ...about, conflicts_with: conflictsWith };
}

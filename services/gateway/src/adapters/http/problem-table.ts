import { CallRefusedError } from '@action-mesh/admission';
import { usualBodyBytes } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import {
  BacklogFullError,
  MeshUnavailableError,
  QuotaSpentError,
  RequestRefusedError,
  SwitchedOffError,
  ToolkitChangedError,
  type RefusalCode,
} from '../../domain/gateway.errors.js';
import type { ProblemDetails } from './problem.js';
import { HttpProblemError } from './problem.js';

/** Status and title of every refusal. The domain defines the codes; refused outcomes on Kafka carry them too. */
const refusals: Readonly<Record<RefusalCode, readonly [status: number, title: string]>> = {
  body_missing: [400, 'Body missing'],
  body_too_large: [413, 'Body too large'],
  call_already_ended: [409, 'Call already ended'],
  call_already_sent: [409, 'Call already sent'],
  call_id_conflict: [422, 'Call id already used'],
  call_not_found: [404, 'Call not found'],
  call_not_succeeded: [409, 'Call not succeeded'],
  call_not_waiting: [409, 'Call not waiting'],
  call_too_large: [413, 'Call too large'],
  catalog_refused: [409, 'Refused by the catalog'],
  dead_letter_not_found: [404, 'Dead call not found'],
  deadline_passed: [422, 'Deadline passed'],
  dedupe_scope_missing: [422, 'Scope missing'],
  idempotency_key_conflict: [422, 'Idempotency key already used'],
  idempotency_key_invalid: [400, 'Idempotency key malformed'],
  idempotency_key_mismatch: [422, 'Two idempotency keys'],
  idempotency_key_on_batch: [422, 'Idempotency key on several calls'],
  identity_conflict: [409, 'Not possible now'],
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
  mode_not_supported: [422, 'Mode not supported'],
  not_compensable: [422, 'Not compensable'],
  not_in_catalog: [404, 'Not in the catalog'],
  preference_invalid: [400, 'Preference malformed'],
  right_missing: [403, 'Right missing'],
  scope_needs_run_id: [422, 'Run missing'],
  scope_needs_session_id: [422, 'Session missing'],
  switch_not_found: [404, 'Switch not found'],
  tenant_not_found: [404, 'Tenant not found'],
  tool_name_taken: [409, 'Name already taken'],
  tool_not_found: [404, 'Tool not found'],
  tool_version_not_found: [404, 'Tool version not found'],
  too_many_calls: [422, 'Too many calls'],
  user_not_allowed: [403, 'User not allowed'],
  verdict_needed: [409, 'Verdict needed'],
  verdict_not_needed: [409, 'Verdict not needed'],
};

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
): Pick<ProblemDetails, 'call_id' | 'trace_id' | 'conflicts_with'> {
  if (!(refused instanceof RequestRefusedError) || refused.call === undefined) return {};
  const { call, conflictsWith } = refused;
  const about = { call_id: call.callId, trace_id: call.traceId };
  return conflictsWith === undefined ? about : { ...about, conflicts_with: conflictsWith };
}

/** The problem document for an error of the web server, by its status. `bodyLimitBytes` is the limit of the route. */
export function protocolProblem(
  status: number,
  bodyLimitBytes = usualBodyBytes,
): Omit<ProblemDetails, 'type'> {
  switch (status) {
    case 404:
      return {
        status,
        title: 'Not found',
        code: 'not_found',
        detail: 'No route has this address.',
        fix: 'Check the path against the documentation.',
      };
    case 413:
      return {
        status,
        title: 'Body too large',
        code: 'body_too_large',
        detail: `The body is larger than ${bodyLimitBytes} bytes, the limit of this route.`,
        fix: 'Send less data, or send a reference to it.',
      };
    case 414:
      return {
        status,
        title: 'Address too long',
        code: 'address_too_long',
        detail: 'A part of the path is longer than any name.',
        fix: 'Check the path against the documentation.',
      };
    case 415:
      return {
        status,
        title: 'Media type not supported',
        code: 'media_type_not_supported',
        detail: 'The Content-Type header does not declare JSON in UTF-8.',
        fix: 'Send JSON in UTF-8 with "Content-Type: application/json".',
      };
    default:
      return {
        status,
        title: 'Bad request',
        code: 'bad_request',
        detail: 'The request cannot be read.',
        fix: 'Check the request line and the headers.',
      };
  }
}

import { admissionRefusals, type RequestProblem } from '@action-mesh/admission';
import type { ApprovalRefused } from '@action-mesh/contracts/executor';
import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** The codes of the gateway's refusals. They are part of the contract: programs of callers decide on them. */
export const refusalCodes = [
  ...admissionRefusals,
  'approval_decided',
  'approval_digest_mismatch',
  'approval_not_found',
  'approval_own_request',
  'body_missing',
  'body_too_large',
  'call_already_ended',
  'call_already_sent',
  'call_id_conflict',
  'call_not_found',
  'call_not_succeeded',
  'call_not_waiting',
  'call_too_large',
  'catalog_refused',
  'connect_session_not_found',
  'connection_not_found',
  'cursor_expired',
  'cursor_unknown',
  'dead_letter_not_found',
  'delivery_not_found',
  'delivery_refused',
  'delivery_unreadable',
  'flow_not_found',
  'flow_run_conflict',
  'flow_run_not_found',
  'idempotency_key_conflict',
  'idempotency_key_invalid',
  'idempotency_key_mismatch',
  'idempotency_key_on_batch',
  'identity_conflict',
  'integration_not_found',
  'invalid_catalog_request',
  'invalid_limit',
  'invalid_trigger',
  'key_limited',
  'key_not_found',
  'limit_is_code',
  'limit_not_found',
  'not_compensable',
  'not_in_catalog',
  'policy_not_found',
  'preference_invalid',
  'provider_not_found',
  'result_not_found',
  'run_not_found',
  'result_not_ready',
  'right_missing',
  'switch_not_found',
  'tenant_not_found',
  'too_many_calls',
  'trigger_conflict',
  'trigger_needs_signature',
  'trigger_not_found',
  'tool_name_taken',
  'verdict_needed',
  'verdict_not_needed',
  'webhook_delivery_not_found',
  'webhook_endpoint_not_found',
] as const;

/** One of {@link refusalCodes}. */
export type RefusalCode = (typeof refusalCodes)[number];

/** The call of a refusal. */
export interface RefusedCall {
  readonly callId: string;
  readonly traceId: string;
}

/** The further details of a refusal. */
export interface RefusalDetails {
  /** @default none */
  readonly problems?: readonly RequestProblem[];
  /** The call that the request made before the refusal. Absent when there is none. */
  readonly call?: RefusedCall;
  /** The call of the same user that holds the idempotency key of the request. */
  readonly conflictsWith?: string;
  /** The decision that came first. */
  readonly decision?: ApprovalRefused['decision'];
}

/**
 * The gateway can never accept this request unchanged, with or without a call. Message and fix are for the author of
 * the request.
 */
export class RequestRefusedError extends MeshError {
  readonly code = 'GATEWAY_REQUEST_REFUSED';
  readonly retry: RetryClass = 'terminal';
  readonly refusal: RefusalCode;
  /** The next step for the author of the request. */
  readonly fix: string;
  readonly problems: readonly RequestProblem[];
  /** The call that the request made before the refusal. Absent when there is none. */
  readonly call?: RefusedCall;
  readonly conflictsWith?: string;
  readonly decision?: NonNullable<ApprovalRefused['decision']>;

  constructor(
    refusal: RefusalCode,
    message: string,
    fix: string,
    { problems = [], call, conflictsWith, decision }: RefusalDetails = {},
  ) {
    super(message);
    this.refusal = refusal;
    this.fix = fix;
    this.problems = problems;
    if (call !== undefined) this.call = call;
    if (conflictsWith !== undefined) this.conflictsWith = conflictsWith;
    if (decision !== undefined) this.decision = decision;
  }
}

/** Another request changed the toolkit at the same time. This request changed nothing. */
export class ToolkitChangedError extends MeshError {
  readonly code = 'GATEWAY_TOOLKIT_CHANGED';
  readonly retry: RetryClass = 'retryable';
}

/** The request is correct, and the mesh cannot serve it now. */
export class MeshUnavailableError extends MeshError {
  readonly code = 'GATEWAY_MESH_UNAVAILABLE';
  readonly retry: RetryClass = 'retryable';
  /** The next step for the caller. */
  readonly fix: string;
  /** The call that may have been accepted all the same: no service confirmed it or denied it. */
  readonly callId?: string;

  /** Without a `fix`, the error carries the fix for calls, which may be repeated. */
  constructor(
    message: string,
    options: ErrorOptions & { readonly callId?: string; readonly fix?: string } = {},
  ) {
    super(message, options);
    this.fix = options.fix ?? sendCallAgain;
    if (options.callId !== undefined) this.callId = options.callId;
  }
}

const sendCallAgain =
  'Send the same request again later. A call with the same call_id, run or idempotency key cannot run twice.';

/** The tenant has too many unsettled calls in this gateway. */
export class BacklogFullError extends MeshError {
  readonly code = 'GATEWAY_BACKLOG_FULL';
  readonly retry: RetryClass = 'retryable';
  /** The most unsettled calls of the tenant. */
  readonly limit: number;
  /** The estimated time until there is room, seconds from now. */
  readonly retryAfterS: number;

  constructor(limit: number, retryAfterS: number) {
    super(`${limit} calls of this tenant have no outcome yet.`);
    this.limit = limit;
    this.retryAfterS = retryAfterS;
  }
}

/** The tenant has as many open streams at this gateway as it may have. A request of an MCP host counts as a stream. */
export class StreamLimitError extends MeshError {
  readonly code = 'GATEWAY_STREAM_LIMIT';
  readonly retry: RetryClass = 'retryable';
  /** The most open streams of a tenant. */
  readonly limit: number;

  constructor(limit: number) {
    super(`This tenant has ${limit} open streams at this gateway, the most that it may have.`);
    this.limit = limit;
  }
}

/** A quota that a caller has used up. */
export interface SpentQuota {
  readonly owner: 'key' | 'tenant';
  readonly what: 'requests' | 'calls';
  readonly period: 'second' | 'day';
  /** The most at once, or in a day. */
  readonly limit: number;
  /** The time until the next request or call fits, seconds from now. */
  readonly retryAfterS: number;
}

/** The key or its tenant has used up a quota of this gateway. */
export class QuotaSpentError extends MeshError {
  readonly code = 'GATEWAY_QUOTA_SPENT';
  readonly retry: RetryClass = 'retryable';
  readonly spent: SpentQuota;

  constructor(spent: SpentQuota) {
    const { owner, what, period, limit } = spent;
    super(
      period === 'day'
        ? `The ${owner} has used up its ${limit} ${what} of this day, which ends at midnight UTC.`
        : `The ${owner} sends ${what} faster than its quota allows; at most ${limit} may come at once.`,
    );
    this.spent = spent;
  }
}

/** A kill switch covers the call. */
export class SwitchedOffError extends MeshError {
  readonly code = 'GATEWAY_SWITCHED_OFF';
  readonly retry: RetryClass = 'retryable';
  readonly switchId: string;

  constructor(switchId: string, reason: string) {
    super(`A kill switch stops this call: ${reason}`);
    this.switchId = switchId;
  }
}

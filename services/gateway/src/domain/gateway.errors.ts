import { admissionRefusals, type RequestProblem } from '@action-mesh/admission';
import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** Why the gateway does not take a request. Part of the contract: programs of callers decide on these. */
export const refusalCodes = [
  ...admissionRefusals,
  'body_missing',
  'body_too_large',
  'call_already_ended',
  'call_already_sent',
  'call_id_conflict',
  'call_not_found',
  'call_not_succeeded',
  'call_not_waiting',
  'call_too_large',
  'dead_letter_not_found',
  'idempotency_key_invalid',
  'idempotency_key_mismatch',
  'idempotency_key_on_batch',
  'invalid_trigger',
  'not_compensable',
  'preference_invalid',
  'too_many_calls',
  'verdict_needed',
  'verdict_not_needed',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** Sent as it is, the request can never be taken, call or not. Its message and fix are for whoever wrote it. */
export class RequestRefusedError extends MeshError {
  readonly code = 'GATEWAY_REQUEST_REFUSED';
  readonly retry: RetryClass = 'terminal';
  readonly refusal: RefusalCode;
  /** What to do instead. */
  readonly fix: string;
  readonly problems: readonly RequestProblem[];

  constructor(refusal: RefusalCode, message: string, fix: string, problems: readonly RequestProblem[] = []) {
    super(message);
    this.refusal = refusal;
    this.fix = fix;
    this.problems = problems;
  }
}

/** Nothing is wrong with the request; the mesh cannot serve it now. */
export class MeshUnavailableError extends MeshError {
  readonly code = 'GATEWAY_MESH_UNAVAILABLE';
  readonly retry: RetryClass = 'retryable';
  /** The call that may have been taken all the same: nobody confirmed it, and nobody denied it. */
  readonly callId?: string;

  constructor(message: string, options: ErrorOptions & { readonly callId?: string } = {}) {
    super(message, options);
    if (options.callId !== undefined) this.callId = options.callId;
  }
}

/** The tenant has more unsettled calls here than it may have. */
export class BacklogFullError extends MeshError {
  readonly code = 'GATEWAY_BACKLOG_FULL';
  readonly retry: RetryClass = 'retryable';
  /** When there is likely to be room, seconds from now. */
  readonly retryAfterS: number;

  constructor(maxCalls: number, retryAfterS: number) {
    super(`${maxCalls} calls of this tenant have no outcome yet.`);
    this.retryAfterS = retryAfterS;
  }
}

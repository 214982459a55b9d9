import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** Why the gateway does not take a request. Part of the contract: programs of callers decide on these. */
export const refusalCodes = [
  'body_missing',
  'body_too_large',
  'call_id_conflict',
  'call_too_large',
  'deadline_passed',
  'dedupe_scope_missing',
  'idempotency_key_invalid',
  'idempotency_key_mismatch',
  'idempotency_key_on_batch',
  'invalid_arguments',
  'invalid_json',
  'invalid_request',
  'invalid_trigger',
  'mode_not_supported',
  'preference_invalid',
  'scope_needs_run_id',
  'scope_needs_session_id',
  'tool_not_found',
  'tool_version_not_found',
  'too_many_calls',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** One place in a request and what is wrong there. */
export interface RequestProblem {
  /** RFC 6901; the empty text is the whole document. */
  readonly pointer: string;
  readonly message: string;
  /** For programs, where there is one. */
  readonly code?: string;
  /** What belongs there. */
  readonly expected?: string;
  /** What is there, shortened. */
  readonly given?: string;
}

/** Sent as it is, the request can never be taken. Its message and fix are for whoever wrote it. */
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

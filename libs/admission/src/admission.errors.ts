import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** Why a request does not become a call. The codes are part of the contract: callers' programs decide by them. */
export const admissionRefusals = [
  'deadline_passed',
  'dedupe_scope_missing',
  'invalid_arguments',
  'invalid_json',
  'invalid_request',
  'scope_needs_run_id',
  'scope_needs_session_id',
  'tool_not_found',
  'tool_version_not_found',
  'user_not_allowed',
] as const;

export type AdmissionRefusal = (typeof admissionRefusals)[number];

/** One wrong place in a request, with the problem. */
export interface RequestProblem {
  /** RFC 6901 pointer; the empty text is the whole document. */
  readonly pointer: string;
  readonly message: string;
  /** A code for programs, if the problem has one. */
  readonly code?: string;
  /** The value or form that the place requires. */
  readonly expected?: string;
  /** The value at the place, shortened. */
  readonly given?: string;
}

/** An unchanged request can never become a call. The message and the fix are for the author of the request. */
export class CallRefusedError extends MeshError {
  readonly code = 'ADMISSION_CALL_REFUSED';
  readonly retry: RetryClass = 'terminal';
  readonly refusal: AdmissionRefusal;
  /** The change that makes the request acceptable. */
  readonly fix: string;
  readonly problems: readonly RequestProblem[];

  constructor(
    refusal: AdmissionRefusal,
    message: string,
    fix: string,
    problems: readonly RequestProblem[] = [],
  ) {
    super(message);
    this.refusal = refusal;
    this.fix = fix;
    this.problems = problems;
  }
}

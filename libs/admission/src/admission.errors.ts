import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** Why a request does not become a call. Part of the contract: programs of callers decide on these. */
export const admissionRefusals = [
  'deadline_passed',
  'dedupe_scope_missing',
  'invalid_arguments',
  'invalid_json',
  'invalid_request',
  'mode_not_supported',
  'scope_needs_run_id',
  'scope_needs_session_id',
  'tool_not_found',
  'tool_version_not_found',
] as const;

export type AdmissionRefusal = (typeof admissionRefusals)[number];

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

/** Sent as it is, the request can never become a call. Its message and fix are for whoever wrote it. */
export class CallRefusedError extends MeshError {
  readonly code = 'ADMISSION_CALL_REFUSED';
  readonly retry: RetryClass = 'terminal';
  readonly refusal: AdmissionRefusal;
  /** What to do instead. */
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

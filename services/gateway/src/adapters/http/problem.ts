import type { RequestProblem } from '@action-mesh/admission';
import { MeshError, type RetryClass } from '@action-mesh/kernel';
import type { FastifyReply } from 'fastify';

/** An error as RFC 9457 writes it, with our members. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable, for programs. */
  readonly code: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly errors?: readonly RequestProblem[];
  /** Seconds after which the same request may be taken; also where many are answered at once and a header says nothing. */
  readonly retry_after?: number;
  readonly call_id?: string;
  readonly trace_id?: string;
  /** The call that has the idempotency key of the request. */
  readonly conflicts_with?: string;
}

/** Something that is answered with a problem document. */
export class HttpProblemError extends MeshError {
  readonly code = 'GATEWAY_HTTP_PROBLEM';
  readonly retry: RetryClass = 'terminal';
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Omit<ProblemDetails, 'type'>, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.problem = { type: `urn:action-mesh:problem:${problem.code}`, ...problem };
    this.headers = headers;
  }
}

export function sendProblem(reply: FastifyReply, { problem, headers }: HttpProblemError): void {
  void reply
    .code(problem.status)
    .headers({ ...headers, 'content-type': 'application/problem+json' })
    .send(JSON.stringify(problem));
}

import type { RequestProblem } from '@action-mesh/admission';
import { MeshError, type RetryClass } from '@action-mesh/kernel';
import type { FastifyReply } from 'fastify';

/** An error in the form of RFC 9457, with the members of this API. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** A stable code for programs. */
  readonly code: string;
  /** The next step for the caller. */
  readonly fix?: string;
  readonly errors?: readonly RequestProblem[];
  /**
   * Seconds after which the gateway may accept the same request. Also in the answer for several calls, where a header
   * would be ambiguous.
   */
  readonly retry_after?: number;
  readonly call_id?: string;
  readonly trace_id?: string;
  /** The call that holds the idempotency key of the request. */
  readonly conflicts_with?: string;
  /** The scope that the key of the caller lacks. */
  readonly scope?: string;
  /** The decision about an approval that came first. */
  readonly decision?: { readonly by: string; readonly at: string; readonly note?: string };
  /** The kill switch that covers the call. */
  readonly switch_id?: string;
}

/** An error that the gateway answers with a problem document. */
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

import type { CallRequest } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import { type JsonValue, type TraceContext } from '@action-mesh/kernel';

import type { AcceptCall } from '../../application/accept-call.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { acceptedAnswer, type AcceptedAnswer } from './call-answers.js';
import type { ProblemDetails } from './problem.js';
import { problemOf } from './problem-table.js';

const mostCalls = 500;

/** The answer for one call of a batch. */
export type BatchAnswer = AcceptedAnswer | { readonly status: 'refused'; readonly problem: ProblemDetails };

/**
 * Several calls in one request. The gateway accepts or refuses each by itself, and answers in the order of the request.
 */
export class CallBatch {
  readonly #accept: AcceptCall;

  constructor(accept: AcceptCall) {
    this.#accept = accept;
  }

  /** Throws when the mesh is unavailable for every call, or when the request as a whole is wrong. */
  async submit(
    caller: Principal,
    calls: readonly JsonValue[],
    read: (json: JsonValue) => CallRequest,
    idempotencyKey: unknown,
    trace: TraceContext,
  ): Promise<readonly BatchAnswer[]> {
    checkWhole(calls, idempotencyKey);
    const taken = await Promise.allSettled(
      calls.map(async (json) => {
        return acceptedAnswer(await this.#accept.execute(caller, read(json), trace), trace.traceId);
      }),
    );
    const unavailable = taken.find(
      (result) => result.status === 'rejected' && result.reason instanceof MeshUnavailableError,
    );
    if (unavailable?.status === 'rejected' && taken.every(({ status }) => status === 'rejected')) {
      throw unavailable.reason;
    }
    return taken.map((result) =>
      result.status === 'fulfilled' ? result.value : refusedAnswer(result.reason),
    );
  }
}

function checkWhole(calls: readonly JsonValue[], idempotencyKey: unknown): void {
  if (idempotencyKey !== undefined) {
    throw new RequestRefusedError(
      'idempotency_key_on_batch',
      'The header Idempotency-Key does not say which of the calls it is for.',
      'Give each call its own idempotency_key.',
    );
  }
  if (calls.length === 0 || calls.length > mostCalls) {
    throw new RequestRefusedError(
      'too_many_calls',
      `The request holds ${calls.length} calls.`,
      `Send 1 to ${mostCalls} calls in one request.`,
    );
  }
}

function refusedAnswer(thrown: unknown): BatchAnswer {
  const refused = problemOf(thrown);
  // A defect in one call is a defect of the gateway. The whole answer reports it, and the log has the error.
  if (refused === undefined) throw thrown;
  return { status: 'refused', problem: refused.problem };
}

import type { CallRequest } from '@action-mesh/contracts/gateway';
import { childSpan, type JsonValue, type TraceContext } from '@action-mesh/kernel';

import type { AcceptCall } from '../../application/accept-call.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';
import { acceptedAnswer, type AcceptedAnswer } from './call-answers.js';
import type { ProblemDetails } from './problem.js';
import { problemOf } from './problem-table.js';

const MOST_CALLS = 500;

/** What is said of one of several calls. */
export type BatchAnswer = AcceptedAnswer | { readonly status: 'refused'; readonly problem: ProblemDetails };

/** Several calls in one request. Each is taken or refused by itself, and answered in its place. */
export class CallBatch {
  readonly #accept: AcceptCall;

  constructor(accept: AcceptCall) {
    this.#accept = accept;
  }

  /** Throws when nothing at all could be taken because the mesh is unavailable, and for what is wrong with the whole. */
  async submit(
    calls: readonly JsonValue[],
    read: (json: JsonValue) => CallRequest,
    idempotencyKey: unknown,
    callerTrace: TraceContext | undefined,
  ): Promise<readonly BatchAnswer[]> {
    checkWhole(calls, idempotencyKey);
    const taken = await Promise.allSettled(
      calls.map(async (json) => {
        const trace = childSpan(callerTrace);
        return acceptedAnswer(await this.#accept.execute(read(json), trace), trace.traceId);
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
      'The header Idempotency-Key says nothing about which of several calls it is for.',
      'Give each call its own idempotency_key.',
    );
  }
  if (calls.length === 0 || calls.length > MOST_CALLS) {
    throw new RequestRefusedError(
      'too_many_calls',
      `The request holds ${calls.length} calls.`,
      `Send 1 to ${MOST_CALLS} calls in one request.`,
    );
  }
}

function refusedAnswer(thrown: unknown): BatchAnswer {
  const refused = problemOf(thrown);
  // A defect in one call is a defect of ours: the whole answer says so, and the log has it.
  if (refused === undefined) throw thrown;
  return { status: 'refused', problem: refused.problem };
}

import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { formatTraceparent, systemClock, type TraceContext } from '@action-mesh/kernel';
import type { FastifyReply } from 'fastify';

import type { Execution } from '../../application/execute-call.js';
import { answerOfOutcome, type ModelTurn } from '../../application/model-answer.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';

/** What is said of a call that was taken and whose outcome is not known. */
export interface AcceptedAnswer {
  readonly call_id: string;
  readonly status: 'accepted';
  readonly hash: string;
  readonly trace_id: string;
  readonly links: { readonly self: string };
}

/** The same, of this call. */
export function acceptedAnswer(
  call: Pick<AcceptedCall, 'call_id' | 'hash'>,
  traceId: string,
): AcceptedAnswer {
  return {
    call_id: call.call_id,
    status: 'accepted',
    hash: call.hash,
    trace_id: traceId,
    links: { self: addressOf(call.call_id) },
  };
}

/** Outcomes that say that the request, not the call, was wrong, and what of it was used before. */
const usedBefore = { idempotency_key_conflict: 'idempotency key', call_id_conflict: 'call id' } as const;

type Conflict = keyof typeof usedBefore;

/** Answers with the outcome, or with 202 where there is none yet, or one after which the call goes on by itself. */
export function sendExecution(
  reply: FastifyReply,
  { call, outcome }: Execution,
  trace: TraceContext,
  turn?: ModelTurn,
): void {
  void reply.header('traceparent', formatTraceparent(trace));
  if (turn !== undefined) {
    // This address has the parts that the answer for a model leaves out.
    void reply.header('location', addressOf(call.call_id));
  }
  if (outcome === undefined) {
    void reply
      .code(202)
      .header('location', addressOf(call.call_id))
      .type('application/json; charset=utf-8')
      .send(turn === undefined ? acceptedAnswer(call, trace.traceId) : answerOfOutcome(undefined, turn));
    return;
  }
  if (isConflict(outcome.errorCode)) {
    throw conflict(outcome.errorCode, outcome.conflictsWith, {
      callId: call.call_id,
      traceId: trace.traceId,
    });
  }
  void reply.type('application/json; charset=utf-8');
  const json =
    turn === undefined ? outcome.json : answerOfOutcome(Buffer.from(outcome.json).toString('utf8'), turn);
  if (outcome.resumesAtMs === undefined) {
    void reply.code(200).send(json);
    return;
  }
  const inS = Math.ceil((outcome.resumesAtMs - systemClock.now()) / 1_000);
  void reply
    .code(202)
    .header('location', addressOf(call.call_id))
    .header('retry-after', String(Math.max(inS, 1)))
    .send(json);
}

function isConflict(code: string | undefined): code is Conflict {
  return code !== undefined && Object.hasOwn(usedBefore, code);
}

function conflict(
  code: Conflict,
  conflictsWith: string | undefined,
  call: { readonly callId: string; readonly traceId: string },
): RequestRefusedError {
  const what = usedBefore[code];
  const other = conflictsWith === undefined ? 'a call' : `the call ${conflictsWith}`;
  return new RequestRefusedError(
    code,
    `The ${what} was used before for ${other} with other content.`,
    `Use a new ${what} for a new call, and the same one only to repeat the same call.`,
    { call, ...(conflictsWith === undefined ? {} : { conflictsWith }) },
  );
}

function addressOf(callId: string): string {
  return `/v1/calls/${callId}`;
}

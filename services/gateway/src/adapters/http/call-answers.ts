import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined, formatTraceparent, systemClock, type TraceContext } from '@action-mesh/kernel';
import type { FastifyReply } from 'fastify';

import type { Execution } from '../../application/execute-call.js';
import { fitOutcome, withNextPage, type AskedFit } from '../../application/fit-outcome.js';
import { answerOfOutcome, type ModelTurn } from '../../application/model-answer.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';

/** The answer for an accepted call without a known outcome. */
export interface AcceptedAnswer {
  readonly call_id: string;
  readonly status: 'accepted';
  readonly hash: string;
  readonly trace_id: string;
  readonly links: { readonly self: string };
}

/** Builds the answer for an accepted call without a known outcome. */
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

/** How a caller wants to see the outcome of a call. */
export interface AnswerShape {
  /** The model that reads the answer. Absent: a program reads it in the mesh's own form. */
  readonly turn?: ModelTurn | undefined;
  /** The part of the result that the caller asks for. Absent: all. */
  readonly fit?: AskedFit | undefined;
  /** The arguments of the call for the next page, as JSON. Absent without a known next page. */
  readonly next?: string | undefined;
}

/** The outcome of a call in the shape that its caller wants, as JSON. */
export function shapedOutcome(outcome: string, callId: string, { turn, fit, next }: AnswerShape): string {
  if (turn === undefined && fit === undefined && next === undefined) return outcome;
  const part = { ...fit, isForModel: turn !== undefined };
  const cut = fitOutcome(outcome, part, `${addressOf(callId)}/result`);
  const fitting = next === undefined ? cut : withNextPage(cut, next);
  return turn === undefined ? fitting : answerOfOutcome(fitting, turn);
}

/** Error codes of a wrong request, each with the value that another call used before. */
const usedBefore = { idempotency_key_conflict: 'idempotency key', call_id_conflict: 'call id' } as const;

type Conflict = keyof typeof usedBefore;

/**
 * Answers with the outcome. Answers 202 without an outcome, or with an outcome after which the call continues by
 * itself.
 */
export function sendExecution(
  reply: FastifyReply,
  { call, outcome, next }: Execution,
  trace: TraceContext,
  shape: AnswerShape = {},
): void {
  const { turn, fit } = shape;
  void reply.header('traceparent', formatTraceparent(trace));
  if (turn !== undefined) {
    // The answer at this address has the parts that the answer for a model leaves out.
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
    turn === undefined && fit === undefined && next === undefined
      ? outcome.json
      : shapedOutcome(Buffer.from(outcome.json).toString('utf8'), call.call_id, { ...shape, next });
  if (outcome.resumesAtMs === undefined) {
    void reply.code(200).send(json);
    return;
  }
  const inS = Math.ceil((outcome.resumesAtMs - systemClock.now()) / 1_000);
  if (inS !== Infinity) void reply.header('retry-after', String(Math.max(inS, 1)));
  void reply.code(202).header('location', addressOf(call.call_id)).send(json);
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
    `An earlier request used the ${what} for ${other} with other content.`,
    `Use a new ${what} for a new call. Repeat the ${what} only to repeat the same call.`,
    { call, ...defined({ conflictsWith }) },
  );
}

function addressOf(callId: string): string {
  return `/v1/calls/${callId}`;
}

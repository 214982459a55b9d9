import {
  callQuerySchema,
  comparisonQuerySchema,
  type CallComparison,
  type CallPage,
} from '@action-mesh/contracts/executor';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import { JsonText, type JsonValue } from '@action-mesh/kernel';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ExecuteCall } from '../../application/execute-call.js';
import { FindCall } from '../../application/find-call.js';
import { MetaTools } from '../../application/meta-tools.js';
import { answerOfOutcome, answerOfValue } from '../../application/model-answer.js';
import { RestoreCall } from '../../application/restore-call.js';
import { readCallRequest, readToolCall, withIdempotencyKey } from '../../domain/call-request.js';
import { callNotFound } from '../../domain/intervention-refusals.js';
import { readQuery } from '../../domain/request-form.js';
import { acceptedAnswer, sendExecution, shapedOutcome, type AnswerShape } from './call-answers.js';
import { readAnswerForm, readSubmissionForm, sendRefusal, sendText, turnOf } from './answer-form.js';
import { CallBatch } from './call-batch.js';
import { principalOf } from './caller-guard.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readJson } from './json-body.js';
import type { WaitLimits } from './preferences.js';
import { Serves } from './serves.js';
import { traceOf } from './trace-headers.js';
import { single, waitingCaller } from './waiting-caller.js';

export const WaitLimitsToken = Symbol('WaitLimitsToken');

/** Routes that submit one call or many, with or without waiting, and that look calls up. */
@Controller()
export class CallsController {
  readonly #executeCall: ExecuteCall;
  readonly #findCall: FindCall;
  readonly #batch: CallBatch;
  readonly #limits: WaitLimits;
  readonly #metaTools: MetaTools;
  readonly #restore: RestoreCall;

  constructor(
    @Inject(ExecuteCall) executeCall: ExecuteCall,
    @Inject(FindCall) findCall: FindCall,
    @Inject(CallBatch) batch: CallBatch,
    @Inject(WaitLimitsToken) limits: WaitLimits,
    @Inject(MetaTools) metaTools: MetaTools,
    @Inject(RestoreCall) restore: RestoreCall,
  ) {
    this.#executeCall = executeCall;
    this.#findCall = findCall;
    this.#batch = batch;
    this.#limits = limits;
    this.#metaTools = metaTools;
    this.#restore = restore;
  }

  @Serves('executeTool')
  async execute(
    @Param('slug') slug: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const given = readAnswerForm(query);
    const turn = turnOf(given, slug);
    const caller = principalOf(request);
    try {
      const read = (json: JsonValue): CallRequest => readToolCall(slug, json);
      const call = this.#restore.execute(caller, readJson(request), given.form, read);
      if (slug !== 'search_tools' && slug !== 'describe_tool') {
        await this.#run(call, request, reply, this.#limits, { turn, fit: given.fit });
        return;
      }
      const answer = await this.#metaTools.answer(caller, slug, call.arguments);
      if (turn === undefined) void reply.code(200).send(answer);
      else sendText(reply.code(200), answerOfValue(answer.result, turn));
    } catch (error) {
      if (!sendRefusal(reply, error, turn)) throw error;
    }
  }

  @Serves('submitCalls')
  async submit(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const json = readJson(request);
    const { form, fit } = readSubmissionForm(query);
    const caller = principalOf(request);
    const read = (call: JsonValue): CallRequest => this.#restore.execute(caller, call, form, readCallRequest);
    if (!Array.isArray(json)) {
      // Submission does not wait unless the caller asks for it with `Prefer: wait`.
      return this.#run(read(json), request, reply, { ...this.#limits, waitMs: 0 }, { fit });
    }
    const key = request.headers['idempotency-key'];
    const answers = await this.#batch.submit(caller, json, read, key, traceOf(request));
    void reply.code(202).send(answers);
  }

  @Serves('listCalls')
  list(@Query() query: unknown, @Req() request: FastifyRequest): Promise<CallPage> {
    return this.#findCall.list(principalOf(request), readQuery(callQuerySchema, query, 'a query for calls'));
  }

  @Serves('findCall')
  async find(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const given = readAnswerForm(query);
    const found = await this.#findCall.execute(principalOf(request), id);
    switch (found.kind) {
      case 'recorded': {
        const turn = turnOf(given, found.view.tool.slug);
        const shape = { turn, fit: given.fit, next: found.next };
        const outcome =
          found.view.outcome && shapedOutcome(found.view.outcome.text, found.view.call_id, shape);
        if (turn !== undefined) sendText(reply, outcome ?? answerOfOutcome(undefined, turn));
        else void reply.send({ ...found.view, ...(outcome && { outcome: new JsonText(outcome) }) });
        return;
      }
      case 'accepted': {
        const turn = turnOf(given, found.call.tool);
        const { callId, hash, traceId } = found.call;
        if (turn === undefined) void reply.send(acceptedAnswer({ call_id: callId, hash }, traceId));
        else sendText(reply, answerOfOutcome(undefined, turn));
        return;
      }
      case 'unknown':
        throw callNotFound();
    }
  }

  @Serves('compareCalls')
  async compare(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<CallComparison> {
    const other = readQuery(comparisonQuerySchema, query, 'a query for a comparison').with;
    const compared = await this.#findCall.compare(principalOf(request), id, other);
    if (compared === undefined) throw callNotFound();
    return compared;
  }

  async #run(
    call: CallRequest,
    request: FastifyRequest,
    reply: FastifyReply,
    limits: WaitLimits,
    shape: AnswerShape,
  ): Promise<void> {
    const key = readIdempotencyKey(single(request.headers['idempotency-key']));
    const caller = waitingCaller(request, reply, limits);
    const execution = await this.#executeCall.execute(withIdempotencyKey(call, key), caller);
    if (!reply.raw.destroyed) sendExecution(reply, execution, caller.trace, shape);
  }
}

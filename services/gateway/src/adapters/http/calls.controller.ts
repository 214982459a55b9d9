import type { CallRequest } from '@action-mesh/contracts/gateway';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ExecuteCall } from '../../application/execute-call.js';
import { FindCall } from '../../application/find-call.js';
import { readCallRequest, readToolCall, withIdempotencyKey } from '../../domain/call-request.js';
import { callNotFound } from '../../domain/desk-refusals.js';
import { acceptedAnswer, sendExecution } from './call-answers.js';
import { CallBatch } from './call-batch.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readJson } from './json-body.js';
import type { WaitLimits } from './preferences.js';
import { callerTrace } from './trace-headers.js';
import { single, waitingCaller } from './waiting-caller.js';

export const WaitLimitsToken = Symbol('WaitLimits');

/** Calls: made one by one or many at once, waited for or not, and looked up. */
@Controller('v1')
export class CallsController {
  readonly #executeCall: ExecuteCall;
  readonly #findCall: FindCall;
  readonly #batch: CallBatch;
  readonly #limits: WaitLimits;

  constructor(
    @Inject(ExecuteCall) executeCall: ExecuteCall,
    @Inject(FindCall) findCall: FindCall,
    @Inject(CallBatch) batch: CallBatch,
    @Inject(WaitLimitsToken) limits: WaitLimits,
  ) {
    this.#executeCall = executeCall;
    this.#findCall = findCall;
    this.#batch = batch;
    this.#limits = limits;
  }

  @Post('tools/:slug/execute')
  execute(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.#run(readToolCall(slug, readJson(request)), request, reply, this.#limits);
  }

  @Post('calls')
  async submit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const json = readJson(request);
    if (!Array.isArray(json)) {
      // Whoever submits a call wants it taken; who wants to wait for it says so.
      return this.#run(readCallRequest(json), request, reply, { ...this.#limits, waitMs: 0 });
    }
    const answers = await this.#batch.submit(json, request.headers['idempotency-key'], () =>
      callerTrace(request),
    );
    void reply.code(202).send(answers);
  }

  @Get('calls/:id')
  async find(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const found = await this.#findCall.execute(id);
    switch (found.kind) {
      case 'recorded':
        void reply.send(found.view);
        return;
      case 'accepted':
        void reply.send(
          acceptedAnswer({ call_id: found.call.callId, hash: found.call.hash }, found.call.traceId),
        );
        return;
      case 'unknown':
        throw callNotFound();
    }
  }

  async #run(
    call: CallRequest,
    request: FastifyRequest,
    reply: FastifyReply,
    limits: WaitLimits,
  ): Promise<void> {
    const key = readIdempotencyKey(single(request.headers['idempotency-key']));
    const caller = waitingCaller(request, reply, limits);
    const execution = await this.#executeCall.execute(withIdempotencyKey(call, key), caller);
    if (!reply.raw.destroyed) sendExecution(reply, execution, caller.trace);
  }
}

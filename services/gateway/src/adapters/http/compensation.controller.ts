import { nameSchema } from '@action-mesh/contracts/gateway';
import { formatTraceparent, isId } from '@action-mesh/kernel';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { CompensateCall } from '../../application/compensate-call.js';
import { CompensateSaga } from '../../application/compensate-saga.js';
import { callNotFound } from '../../domain/intervention-refusals.js';
import { readRequestForm } from '../../domain/request-form.js';
import { sendExecution } from './call-answers.js';
import { WaitLimitsToken } from './calls.controller.js';
import type { WaitLimits } from './preferences.js';
import { Serves } from './serves.js';
import { waitingCaller } from './waiting-caller.js';

/** Routes that undo calls. */
@Controller()
export class CompensationController {
  readonly #compensateCall: CompensateCall;
  readonly #compensateSaga: CompensateSaga;
  readonly #limits: WaitLimits;

  constructor(
    @Inject(CompensateCall) compensateCall: CompensateCall,
    @Inject(CompensateSaga) compensateSaga: CompensateSaga,
    @Inject(WaitLimitsToken) limits: WaitLimits,
  ) {
    this.#compensateCall = compensateCall;
    this.#compensateSaga = compensateSaga;
    this.#limits = limits;
  }

  @Serves('compensateCall')
  async call(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = waitingCaller(request, reply, this.#limits);
    const execution = isId(id) ? await this.#compensateCall.execute(id, caller) : undefined;
    if (execution === undefined) throw callNotFound();
    if (!reply.raw.destroyed) sendExecution(reply, execution, caller.trace);
  }

  /** Answers 200 when every call is undone, else 202. The same request again continues the work. */
  @Serves('compensateSaga')
  async saga(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = waitingCaller(request, reply, this.#limits);
    const saga = await this.#compensateSaga.execute(readRequestForm(nameSchema, id, 'a saga id'), caller);
    if (reply.raw.destroyed) return;
    void reply
      .code(saga.done ? 200 : 202)
      .header('traceparent', formatTraceparent(caller.trace))
      .send(saga);
  }
}

import { argumentsSchema } from '@action-mesh/contracts/gateway';
import { isId } from '@action-mesh/kernel';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { CorrectCall } from '../../application/correct-call.js';
import { deadLetterNotFound } from '../../domain/intervention-refusals.js';
import { readRequestForm } from '../../domain/request-form.js';
import { sendExecution } from './call-answers.js';
import { WaitLimitsToken } from './calls.controller.js';
import { readJson } from './json-body.js';
import type { WaitLimits } from './preferences.js';
import { Serves } from './serves.js';
import { waitingCaller } from './waiting-caller.js';

/** The body of a correction: the new arguments. */
export const correctionSchema = z.strictObject({ arguments: argumentsSchema });

/** The route that runs a dead call with other arguments. */
@Controller()
export class CorrectionController {
  readonly #correctCall: CorrectCall;
  readonly #limits: WaitLimits;

  constructor(@Inject(CorrectCall) correctCall: CorrectCall, @Inject(WaitLimitsToken) limits: WaitLimits) {
    this.#correctCall = correctCall;
    this.#limits = limits;
  }

  @Serves('correctCall')
  async correct(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const correction = readRequestForm(correctionSchema, readJson(request), 'a correction');
    // A correction does not wait unless the caller asks for it with `Prefer: wait`.
    const caller = waitingCaller(request, reply, { ...this.#limits, waitMs: 0 });
    const execution = isId(id) ? await this.#correctCall.execute(id, correction, caller) : undefined;
    if (execution === undefined) throw deadLetterNotFound();
    if (!reply.raw.destroyed) sendExecution(reply, execution, caller.trace);
  }
}

import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ExecutorAdmin } from '../../application/executor-admin.port.js';
import { Limits, type LimitsAnswer } from '../../application/limits.port.js';
import { limitRefused } from '../../domain/limit-refusals.js';
import { principalOf } from './caller-guard.js';
import { readRefusal } from './internal-refusal.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** Routes for the limits of the caller's tenant, and for its blocks and breakers. */
@Controller()
export class LimitsController {
  readonly #limits: Limits;
  readonly #admin: ExecutorAdmin;

  constructor(@Inject(Limits) limits: Limits, @Inject(ExecutorAdmin) admin: ExecutorAdmin) {
    this.#limits = limits;
    this.#admin = admin;
  }

  @Serves('listLimits')
  async list(@Req() request: FastifyRequest): Promise<unknown> {
    return (await this.#limits.list(principalOf(request))).body;
  }

  @Serves('putLimit')
  async put(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.#limits.put(principalOf(request), id, readJson(request)));
  }

  @Serves('removeLimit')
  async remove(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.#limits.remove(principalOf(request), id));
  }

  /** Breakers and blocks of the caller's tenant, as one executor sees them. */
  @Serves('listBreakers')
  breakers(@Req() request: FastifyRequest): Promise<unknown> {
    return this.#admin.breakers(principalOf(request));
  }
}

/** Sends the rate governor's answer in the form of this API. */
function send(reply: FastifyReply, { status, body }: LimitsAnswer): void {
  if (status < 400) {
    void reply.code(status).send(body);
    return;
  }
  const { message, problems } = readRefusal(body, 'The rate governor refused the request.');
  throw limitRefused(status, message, problems);
}

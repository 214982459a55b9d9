import { integrationIdSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { SendProxied } from '../../application/send-proxied.js';
import { withIdempotencyKey } from '../../domain/call-request.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { readProxyCall } from '../../domain/proxy-call.js';
import { sendExecution } from './call-answers.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readJson } from './json-body.js';
import { WaitLimitsToken } from './calls.controller.js';
import type { WaitLimits } from './preferences.js';
import { Serves } from './serves.js';
import { single, waitingCaller } from './waiting-caller.js';

/** The route for single HTTP requests with the credential of a user. */
@Controller()
export class ProxyController {
  readonly #sendProxied: SendProxied;
  readonly #limits: WaitLimits;

  constructor(@Inject(SendProxied) sendProxied: SendProxied, @Inject(WaitLimitsToken) limits: WaitLimits) {
    this.#sendProxied = sendProxied;
    this.#limits = limits;
  }

  @Serves('proxyRequest')
  async send(
    @Param('integration') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!integrationIdSchema.safeParse(name).success) throw identityNotFound('integration');
    const call = readProxyCall(name, readJson(request));
    const key = readIdempotencyKey(single(request.headers['idempotency-key']));
    const caller = waitingCaller(request, reply, this.#limits);
    const keyed = { ...call, request: withIdempotencyKey(call.request, key) };
    const execution = await this.#sendProxied.execute(name, keyed, caller);
    if (!reply.raw.destroyed) sendExecution(reply, execution, caller.trace);
  }
}

import { formatTraceparent } from '@action-mesh/kernel';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FireTrigger } from '../../application/fire-trigger.js';
import { principalOf } from './caller-guard.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';
import { traceOf } from './trace-headers.js';

/** The route for events whose senders show an API key. */
@Controller()
export class HooksController {
  readonly #fireTrigger: FireTrigger;

  constructor(@Inject(FireTrigger) fireTrigger: FireTrigger) {
    this.#fireTrigger = fireTrigger;
  }

  @Serves('fireTrigger')
  async fire(
    @Param('trigger') trigger: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const trace = traceOf(request);
    const event = {
      payload: readJson(request),
      deliveryId: readIdempotencyKey(headerOf(request)),
    };
    const fired = await this.#fireTrigger.execute(principalOf(request), trigger, event, trace);
    void reply
      .code(202)
      .header('traceparent', formatTraceparent(trace))
      .send({ trigger_id: fired.trigger_id, delivery_id: fired.delivery_id, trace_id: trace.traceId });
  }
}

function headerOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['idempotency-key'];
  return typeof header === 'string' ? header : header?.join(', ');
}

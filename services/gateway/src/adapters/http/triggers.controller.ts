import { listLimitSchema, triggerSlugSchema } from '@action-mesh/contracts/gateway';
import { deliveryStateSchema } from '@action-mesh/contracts/webhooks';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { WebhooksClient, type WebhooksRequest } from '../../application/webhooks-client.port.js';
import { readQuery } from '../../domain/request-form.js';
import { triggerNotFound, triggerRefused, type SoughtTrigger } from '../../domain/trigger-refusals.js';
import { principalOf } from './caller-guard.js';
import { readRefusal } from './internal-refusal.js';
import { readJson, readOptionalJson } from './json-body.js';
import { Serves } from './serves.js';

/** The query of a list of deliveries. */
export const deliveriesQuerySchema = z.strictObject({
  state: deliveryStateSchema.optional(),
  limit: listLimitSchema(200).optional(),
  cursor: z.string().max(200).optional(),
});

/** Routes for the triggers of the caller's tenant, and for their deliveries. */
@Controller()
export class TriggersController {
  readonly #webhooks: WebhooksClient;

  constructor(@Inject(WebhooksClient) webhooks: WebhooksClient) {
    this.#webhooks = webhooks;
  }

  @Serves('listTriggers')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#send({ caller: principalOf(request), method: 'GET', path: ['triggers'] }, 'trigger', reply);
  }

  @Serves('findTrigger')
  find(
    @Param('trigger') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['triggers', knownTrigger(name)];
    return this.#send({ caller: principalOf(request), method: 'GET', path }, 'trigger', reply);
  }

  @Serves('putTrigger')
  put(
    @Param('trigger') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    // The service names the form of a trigger.
    const path = ['triggers', name];
    return this.#send({ caller, method: 'PUT', path, body }, 'trigger', reply);
  }

  @Serves('removeTrigger')
  remove(
    @Param('trigger') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['triggers', knownTrigger(name)];
    return this.#send({ caller: principalOf(request), method: 'DELETE', path }, 'trigger', reply);
  }

  @Serves('rotateTriggerSecret')
  rotate(
    @Param('trigger') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [caller, body] = [principalOf(request), readOptionalJson(request)];
    const path = ['triggers', knownTrigger(name), 'rotate-secret'];
    return this.#send({ caller, method: 'POST', path, body }, 'trigger', reply);
  }

  @Serves('listDeliveries')
  deliveries(
    @Param('trigger') name: string,
    @Query() parameters: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const query = readQuery(deliveriesQuerySchema, parameters, 'a list of deliveries');
    const path = ['triggers', knownTrigger(name), 'deliveries'];
    return this.#send({ caller, method: 'GET', path, query }, 'trigger', reply);
  }

  @Serves('replayDelivery')
  replay(
    @Param('trigger') name: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    if (!z.uuid().safeParse(id).success) throw triggerNotFound('delivery');
    const path = ['triggers', knownTrigger(name), 'deliveries', id, 'replay'];
    return this.#send({ caller, method: 'POST', path, body: {} }, 'delivery', reply);
  }

  /** Sends the answer of the service in the form of this API. */
  async #send(request: WebhooksRequest, what: SoughtTrigger, reply: FastifyReply): Promise<void> {
    const { status, body } = await this.#webhooks.ask(request);
    if (status >= 400)
      throw triggerRefused(status, readRefusal(body, 'the webhooks service refused the request'), what);
    // An answer can hold a new secret, and no cache may keep it.
    void reply.code(status).header('cache-control', 'no-store').send(body);
  }
}

/** An impossible name is unknown, and reaches no service: a caller may have written a secret there. */
function knownTrigger(name: string): string {
  if (!triggerSlugSchema.safeParse(name).success) throw triggerNotFound('trigger');
  return name;
}

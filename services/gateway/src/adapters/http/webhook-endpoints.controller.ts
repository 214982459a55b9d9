import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { AuthBrokerRequest } from '../../application/auth-broker-client.port.js';
import { WebhookEndpointsClient } from '../../application/webhook-endpoints-client.port.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readJson, readOptionalJson } from './json-body.js';
import { Serves } from './serves.js';

const deliveriesQuerySchema = z.strictObject({
  status: z.string().optional(),
  call_id: z.string().optional(),
  limit: z.string().optional(),
  cursor: z.string().optional(),
});

type Endpoint = 'webhook_endpoint' | 'webhook_delivery';

/** Routes for outgoing webhooks. The webhooks service checks bodies and queries. */
@Controller()
export class WebhookEndpointsController {
  readonly #webhooks: WebhookEndpointsClient;

  constructor(@Inject(WebhookEndpointsClient) webhooks: WebhookEndpointsClient) {
    this.#webhooks = webhooks;
  }

  @Serves('listWebhookEndpoints')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: ['webhook-endpoints'] }, request, reply);
  }

  @Serves('createWebhookEndpoint')
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = readJson(request);
    return this.#ask({ method: 'POST', path: ['webhook-endpoints'], body }, request, reply);
  }

  @Serves('findWebhookEndpoint')
  find(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'GET', path: endpointPath(id) }, request, reply);
  }

  @Serves('putWebhookEndpoint')
  put(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = readJson(request);
    return this.#ask({ method: 'PUT', path: endpointPath(id), body }, request, reply);
  }

  @Serves('removeWebhookEndpoint')
  remove(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'DELETE', path: endpointPath(id) }, request, reply);
  }

  @Serves('testWebhookEndpoint')
  test(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'POST', path: endpointPath(id, 'test') }, request, reply);
  }

  @Serves('rotateWebhookSecret')
  rotate(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = readOptionalJson(request);
    return this.#ask({ method: 'POST', path: endpointPath(id, 'rotate-secret'), body }, request, reply);
  }

  @Serves('enableWebhookEndpoint')
  enable(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ method: 'POST', path: endpointPath(id, 'enable') }, request, reply);
  }

  @Serves('redeliverWebhooks')
  redeliverTime(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = readJson(request);
    return this.#ask({ method: 'POST', path: endpointPath(id, 'redeliver'), body }, request, reply);
  }

  @Serves('listWebhookDeliveries')
  deliveries(
    @Param('id') id: string,
    @Query() parameters: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = readQuery(deliveriesQuerySchema, parameters, 'a list of deliveries');
    return this.#ask({ method: 'GET', path: endpointPath(id, 'deliveries'), query }, request, reply);
  }

  @Serves('redeliverWebhook')
  redeliver(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['webhook-deliveries', knownUuid(id, 'webhook_delivery'), 'redeliver'];
    return this.#ask({ method: 'POST', path }, request, reply, 'webhook_delivery');
  }

  #ask(
    asked: Omit<AuthBrokerRequest, 'caller'>,
    request: FastifyRequest,
    reply: FastifyReply,
    what: Endpoint = 'webhook_endpoint',
  ): Promise<void> {
    return sendIdentity(this.#webhooks, { ...asked, caller: principalOf(request) }, what, reply);
  }
}

function endpointPath(id: string, ...more: readonly string[]): readonly string[] {
  return ['webhook-endpoints', knownUuid(id, 'webhook_endpoint'), ...more];
}

/** An impossible id is unknown, and reaches no service. */
function knownUuid(id: string, what: Endpoint): string {
  if (!z.uuid().safeParse(id).success) throw identityNotFound(what);
  return id;
}

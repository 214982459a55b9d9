import { integrationIdSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AuthBrokerClient } from '../../application/auth-broker-client.port.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { Serves } from './serves.js';

/** Routes for the providers that a tenant can set up. */
@Controller()
export class ProvidersController {
  readonly #broker: AuthBrokerClient;

  constructor(@Inject(AuthBrokerClient) broker: AuthBrokerClient) {
    this.#broker = broker;
  }

  @Serves('listProviders')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    return sendIdentity(this.#broker, { caller, method: 'GET', path: ['providers'] }, 'provider', reply);
  }

  @Serves('findProvider')
  find(
    @Param('provider') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    if (!integrationIdSchema.safeParse(id).success) throw identityNotFound('provider');
    return sendIdentity(this.#broker, { caller, method: 'GET', path: ['providers', id] }, 'provider', reply);
  }
}

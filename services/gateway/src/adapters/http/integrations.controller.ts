import { integrationIdSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { AuthBrokerClient } from '../../application/auth-broker-client.port.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** The query of a removal of an integration. */
export const integrationRemovalSchema = z.strictObject({
  /** Disconnects the connections of the integration too. */
  with_connections: z.enum(['true', 'false']).optional(),
});

/** Routes for the providers that the caller's tenant has set up. */
@Controller()
export class IntegrationsController {
  readonly #broker: AuthBrokerClient;

  constructor(@Inject(AuthBrokerClient) broker: AuthBrokerClient) {
    this.#broker = broker;
  }

  @Serves('listIntegrations')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    const path = ['integrations'];
    return sendIdentity(this.#broker, { caller, method: 'GET', path }, 'integration', reply);
  }

  @Serves('findIntegration')
  find(
    @Param('integration') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const path = ['integrations', knownIntegration(name)];
    return sendIdentity(this.#broker, { caller, method: 'GET', path }, 'integration', reply);
  }

  @Serves('putIntegration')
  put(
    @Param('integration') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    const path = ['integrations', knownIntegration(name)];
    return sendIdentity(this.#broker, { caller, method: 'PUT', path, body }, 'integration', reply);
  }

  @Serves('removeIntegration')
  remove(
    @Param('integration') name: string,
    @Query() parameters: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const query = readQuery(integrationRemovalSchema, parameters, 'a removal of an integration');
    const path = ['integrations', knownIntegration(name)];
    return sendIdentity(this.#broker, { caller, method: 'DELETE', path, query }, 'integration', reply);
  }
}

/** An impossible name is unknown, and reaches no service: a caller may have written a secret there. */
function knownIntegration(name: string): string {
  if (!integrationIdSchema.safeParse(name).success) throw identityNotFound('integration');
  return name;
}

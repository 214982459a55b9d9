import { tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AuthBrokerClient, type AuthBrokerRequest } from '../../application/auth-broker-client.port.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** Routes for the tenants of the mesh. */
@Controller()
export class TenantsController {
  readonly #broker: AuthBrokerClient;

  constructor(@Inject(AuthBrokerClient) broker: AuthBrokerClient) {
    this.#broker = broker;
  }

  @Serves('listTenants')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#ask({ caller: principalOf(request), method: 'GET', path: ['tenants'] }, reply);
  }

  @Serves('findTenant')
  find(
    @Param('tenant') tenant: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['tenants', possible(tenant)];
    return this.#ask({ caller: principalOf(request), method: 'GET', path }, reply);
  }

  @Serves('putTenant')
  put(
    @Param('tenant') tenant: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['tenants', tenant];
    return this.#ask({ caller: principalOf(request), method: 'PUT', path, body: readJson(request) }, reply);
  }

  @Serves('createTenantKey')
  createKey(
    @Param('tenant') tenant: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['tenants', possible(tenant), 'keys'];
    return this.#ask({ caller: principalOf(request), method: 'POST', path, body: readJson(request) }, reply);
  }

  @Serves('removeTenant')
  remove(
    @Param('tenant') tenant: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = ['tenants', possible(tenant)];
    return this.#ask({ caller: principalOf(request), method: 'DELETE', path }, reply);
  }

  #ask(request: AuthBrokerRequest, reply: FastifyReply): Promise<void> {
    return sendIdentity(this.#broker, request, 'tenant', reply);
  }
}

/** An impossible name is unknown. A new tenant with such a name is refused by the broker, with the form of names. */
function possible(tenant: string): string {
  if (!tenantIdSchema.safeParse(tenant).success) throw identityNotFound('tenant');
  return tenant;
}

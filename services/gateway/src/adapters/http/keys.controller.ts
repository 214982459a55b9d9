import { keyIdSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AuthBrokerClient } from '../../application/auth-broker-client.port.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readJson, readOptionalJson } from './json-body.js';
import { Serves } from './serves.js';

/** Routes for the keys and publisher tokens of the caller's tenant. */
@Controller()
export class KeysController {
  readonly #broker: AuthBrokerClient;

  constructor(@Inject(AuthBrokerClient) broker: AuthBrokerClient) {
    this.#broker = broker;
  }

  @Serves('listKeys')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    return sendIdentity(this.#broker, { caller, method: 'GET', path: ['keys'] }, 'key', reply);
  }

  @Serves('createKey')
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    return sendIdentity(this.#broker, { caller, method: 'POST', path: ['keys'], body }, 'key', reply);
  }

  @Serves('findKey')
  find(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    return sendIdentity(this.#broker, { caller, method: 'GET', path: ['keys', known(id)] }, 'key', reply);
  }

  @Serves('rotateKey')
  rotate(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [caller, body] = [principalOf(request), readOptionalJson(request)];
    const path = ['keys', known(id), 'rotate'];
    return sendIdentity(this.#broker, { caller, method: 'POST', path, body }, 'key', reply);
  }

  @Serves('revokeKey')
  revoke(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    return sendIdentity(this.#broker, { caller, method: 'DELETE', path: ['keys', known(id)] }, 'key', reply);
  }
}

/** An impossible id is unknown, and reaches no service: it may be a whole key. */
function known(id: string): string {
  if (!keyIdSchema.safeParse(id).success) throw identityNotFound('key');
  return id;
}

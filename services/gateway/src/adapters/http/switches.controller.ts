import { switchViewSchema } from '@action-mesh/contracts/auth-broker';
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { AuthBrokerClient } from '../../application/auth-broker-client.port.js';
import { identityNotFound, identityRefused } from '../../domain/identity-refusals.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readRefusal } from './internal-refusal.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** The answer that lists kill switches. */
export const switchListSchema = z.object({ switches: z.array(switchViewSchema) });

/** Routes for the kill switches that cover calls of the caller's tenant. */
@Controller()
export class SwitchesController {
  readonly #broker: AuthBrokerClient;

  constructor(@Inject(AuthBrokerClient) broker: AuthBrokerClient) {
    this.#broker = broker;
  }

  /** A key that is bound to users does not see the switches on other users. */
  @Serves('listSwitches')
  async list(@Req() request: FastifyRequest): Promise<z.output<typeof switchListSchema>> {
    const caller = principalOf(request);
    const { status, body } = await this.#broker.ask({ caller, method: 'GET', path: ['switches'] });
    if (status >= 400)
      throw identityRefused(status, readRefusal(body, 'The auth broker refused the request.'), 'switch');
    const { switches } = switchListSchema.parse(body);
    return {
      switches: switches.filter(
        ({ target }) => target.type !== 'user' || caller.users?.has(target.value) !== false,
      ),
    };
  }

  @Serves('turnOnSwitch')
  turnOn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    return sendIdentity(this.#broker, { caller, method: 'POST', path: ['switches'], body }, 'switch', reply);
  }

  @Serves('liftSwitch')
  lift(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!z.uuid().safeParse(id).success) throw identityNotFound('switch');
    const path = ['switches', id];
    return sendIdentity(
      this.#broker,
      { caller: principalOf(request), method: 'DELETE', path },
      'switch',
      reply,
    );
  }
}

import {
  policyIdSchema,
  policyQuestionSchema,
  type PolicyExplanation,
} from '@action-mesh/contracts/auth-broker';
import { Controller, HttpCode, HttpStatus, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { AuthBrokerClient } from '../../application/auth-broker-client.port.js';
import { ExplainPolicies } from '../../application/explain-policies.js';
import { identityNotFound } from '../../domain/identity-refusals.js';
import { readQuery, readRequestForm } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { sendIdentity } from './identity-answers.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** The query of a removal of a policy. */
export const policyRemovalSchema = z.strictObject({
  /** The revision that the caller has read. Another one refuses the removal. */
  revision: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be the revision of the policy')
    .optional(),
});

/** Routes for the rules that allow calls of the caller's tenant, deny them or ask a person. */
@Controller()
export class PoliciesController {
  readonly #broker: AuthBrokerClient;
  readonly #explain: ExplainPolicies;

  constructor(
    @Inject(AuthBrokerClient) broker: AuthBrokerClient,
    @Inject(ExplainPolicies) explain: ExplainPolicies,
  ) {
    this.#broker = broker;
    this.#explain = explain;
  }

  @Serves('listPolicies')
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    return sendIdentity(this.#broker, { caller, method: 'GET', path: ['policies'] }, 'policy', reply);
  }

  @Serves('findPolicy')
  find(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [caller, path] = [principalOf(request), ['policies', knownPolicy(id)]];
    return sendIdentity(this.#broker, { caller, method: 'GET', path }, 'policy', reply);
  }

  @Serves('putPolicy')
  put(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    const path = ['policies', knownPolicy(id)];
    return sendIdentity(this.#broker, { caller, method: 'PUT', path, body }, 'policy', reply);
  }

  @Serves('removePolicy')
  remove(
    @Param('id') id: string,
    @Query() parameters: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const query = readQuery(policyRemovalSchema, parameters, 'a removal of a policy');
    const path = ['policies', knownPolicy(id)];
    return sendIdentity(this.#broker, { caller, method: 'DELETE', path, query }, 'policy', reply);
  }

  /** Decides by the policies that executors have too. Nothing is called or kept. */
  @Serves('explainPolicies')
  @HttpCode(HttpStatus.OK)
  explain(@Req() request: FastifyRequest): PolicyExplanation {
    const question = readRequestForm(policyQuestionSchema, readJson(request), 'a question to the policies');
    return this.#explain.run(principalOf(request), question);
  }
}

/** An impossible id is unknown, and reaches no service: a caller may have written a secret there. */
function knownPolicy(id: string): string {
  if (!policyIdSchema.safeParse(id).success) throw identityNotFound('policy');
  return id;
}

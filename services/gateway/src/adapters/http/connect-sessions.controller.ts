import { connectSessionViewSchema, type ConnectSessionView } from '@action-mesh/contracts/auth-broker';
import type { Principal } from '@action-mesh/identity';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ConnectBroker, type ConnectSessionRequestOf } from '../../application/connect-broker.port.js';
import { RequestRefusedError } from '../../domain/gateway.errors.js';
import { identityNotFound, identityRefused } from '../../domain/identity-refusals.js';
import { readQuery } from '../../domain/request-form.js';
import { principalOf } from './caller-guard.js';
import { readRefusal } from './internal-refusal.js';
import { readJson } from './json-body.js';
import { Serves } from './serves.js';

/** The longest wait for a change, seconds. */
const longestWaitS = 60;

/** The query for a connect session: how long to wait for a change of it, in seconds. */
export const connectWaitSchema = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a number of seconds up to 60')
    .transform(Number)
    .refine((seconds) => seconds <= longestWaitS, 'must be a number of seconds up to 60')
    .optional(),
});

/** Routes with which programs connect accounts of their users. */
@Controller()
export class ConnectSessionsController {
  readonly #broker: ConnectBroker;

  constructor(@Inject(ConnectBroker) broker: ConnectBroker) {
    this.#broker = broker;
  }

  @Serves('createConnectSession')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const caller = principalOf(request);
    const body = withUser(caller, readJson(request));
    send(reply, 201, await this.#ask({ caller, method: 'POST', path: [], body }));
  }

  @Serves('findConnectSession')
  async find(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const { wait: waitS = 0 } = readQuery(connectWaitSchema, query, 'a query for a connect session');
    const found = await this.#visible(caller, known(id));
    const view = waitS === 0 ? found : await this.#ask({ caller, method: 'GET', path: [id], waitS });
    send(reply, 200, view);
  }

  @Serves('completeConnectSession')
  async complete(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [caller, body] = [principalOf(request), readJson(request)];
    await this.#visible(caller, known(id));
    send(reply, 200, await this.#ask({ caller, method: 'POST', path: [id, 'complete'], body }));
  }

  /** A session of a user beyond the key answers as an unknown one. The user of a session never changes. */
  async #visible(caller: Principal, id: string): Promise<ConnectSessionView> {
    const view = await this.#ask({ caller, method: 'GET', path: [id] });
    if (caller.users?.has(view.user_id) === false) throw identityNotFound('connect_session');
    return view;
  }

  async #ask(request: ConnectSessionRequestOf): Promise<ConnectSessionView> {
    const { status, body } = await this.#broker.session(request);
    if (status >= 400)
      throw identityRefused(
        status,
        readRefusal(body, 'The auth broker refused the request.'),
        'connect_session',
      );
    return connectSessionViewSchema.parse(body);
  }
}

/** The request with its user. A key for one user acts for that user alone. */
function withUser({ users }: Principal, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { user_id: given } = body as { readonly user_id?: unknown };
  if (given === undefined) {
    const [only, ...others] = users ?? [];
    if (only !== undefined && others.length === 0) return { ...body, user_id: only };
    throw new RequestRefusedError(
      'invalid_request',
      'The request names no user, and the key stands for several.',
      'Correct the members that "errors" names.',
      { problems: [{ pointer: '/user_id', message: 'is required and missing' }] },
    );
  }
  if (typeof given === 'string' && users?.has(given) === false)
    throw new RequestRefusedError(
      'user_not_allowed',
      'The key may not act for this user.',
      'Name a user of the key. GET /v1/me shows them.',
      { problems: [{ pointer: '/user_id', message: 'is no user of the key' }] },
    );
  return body;
}

/** An impossible id is unknown, and reaches no service. */
function known(id: string): string {
  if (!z.uuid().safeParse(id).success) throw identityNotFound('connect_session');
  return id;
}

function send(reply: FastifyReply, status: number, view: ConnectSessionView): void {
  void reply.code(status).header('cache-control', 'no-store').send(view);
}

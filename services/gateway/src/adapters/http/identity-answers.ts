import type { FastifyReply } from 'fastify';

import type { AuthBrokerClient, AuthBrokerRequest } from '../../application/auth-broker-client.port.js';
import { identityRefused, type SoughtIdentity } from '../../domain/identity-refusals.js';
import { readRefusal } from './internal-refusal.js';

/** Sends the auth broker's answer in the form of this API. `what` is the kind of the name in the address. */
export async function sendIdentity(
  broker: AuthBrokerClient,
  request: AuthBrokerRequest,
  what: SoughtIdentity,
  reply: FastifyReply,
): Promise<void> {
  const { status, body } = await broker.ask(request);
  if (status >= 400)
    throw identityRefused(status, readRefusal(body, 'The auth broker refused the request.'), what);
  // An answer can hold a new key, and no cache may keep it.
  void reply.code(status).header('cache-control', 'no-store').send(body);
}

import type { ApiKey } from '@action-mesh/admission';
import type { FastifyInstance } from 'fastify';

import { HttpProblemError } from './problem.js';

const BEARER = /^bearer +(\S+) *$/i;

/** Lets nobody pass to `/v1/` without the key: before the body is read, and before it is said whether the address exists. */
export function guardWithBearerKey(fastify: FastifyInstance, apiKey: ApiKey): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const open = !request.url.startsWith('/v1');
    if (open || apiKey.matches(BEARER.exec(request.headers.authorization ?? '')?.[1])) done();
    else done(unauthorized());
  });
}

function unauthorized(): HttpProblemError {
  return new HttpProblemError(
    {
      status: 401,
      title: 'Not authorized',
      code: 'unauthorized',
      detail: 'The API key is missing or wrong.',
      fix: 'Send the key as "Authorization: Bearer <key>".',
    },
    { 'www-authenticate': 'Bearer realm="action-mesh"' },
  );
}

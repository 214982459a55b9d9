import type { ApiKey } from '@action-mesh/admission';
import type { FastifyInstance } from 'fastify';

import { FieldScanner, isVisible } from './field-scanner.js';
import { HttpProblemError } from './problem.js';

/** The routes that need no key, as the code declares them. */
const openRoutes: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);

/**
 * Refuses every request without the key, except for {@link openRoutes}. It runs before the body is read, and gives the
 * same answer for unknown addresses. The matched route decides, because one route has many spellings.
 */
export function guardWithBearerKey(fastify: FastifyInstance, apiKey: ApiKey): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url: route } = request.routeOptions;
    const isOpen = route !== undefined && openRoutes.has(route);
    if (isOpen || apiKey.matches(readBearerToken(request.headers.authorization))) done();
    else done(unauthorized());
  });
}

/** The token of an `Authorization` header (RFC 6750, section 2.1). Undefined for any other content. */
export function readBearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const scanner = new FieldScanner(header);
  const scheme = scanner.takeWhile(isVisible).toLowerCase();
  scanner.skipSpace();
  const token = scanner.takeWhile(isVisible);
  scanner.skipSpace();
  return scheme === 'bearer' && token !== '' && scanner.isAtEnd ? token : undefined;
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

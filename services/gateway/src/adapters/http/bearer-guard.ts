import type { ApiKey } from '@action-mesh/admission';
import type { FastifyInstance } from 'fastify';

import { FieldScanner, isVisible } from './field-scanner.js';
import { HttpProblemError } from './problem.js';

/** The routes that need no key, as they are declared. */
const openRoutes: ReadonlySet<string> = new Set(['/health/live', '/health/ready']);

/**
 * Refuses every request without the key, but for {@link openRoutes}: before its body is read, and before it is said whether
 * its address exists. The matched route decides, since one route has many spellings.
 */
export function guardWithBearerKey(fastify: FastifyInstance, apiKey: ApiKey): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url: route } = request.routeOptions;
    const isOpen = route !== undefined && openRoutes.has(route);
    if (isOpen || apiKey.matches(readBearerToken(request.headers.authorization))) done();
    else done(unauthorized());
  });
}

/** The token of an `Authorization` header (RFC 6750, section 2.1); undefined where it holds anything else. */
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

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** The variable of the secret that the services of one mesh share. It is part of every service's configuration schema. */
export const serviceKeyVariables = {
  /** The key of the internal APIs. It has no default, so no known key opens them. */
  MESH_SERVICE_KEY: z
    .string()
    .prefault('')
    .refine(
      (key) => /^[\x21-\x7e]{32,200}$/.test(key),
      'must be 32 to 200 printable characters without spaces, the same in every service of the mesh; it has no default, and `openssl rand -hex 24` makes one',
    ),
};

/** The header that carries the service key between services. */
export const serviceKeyHeader = 'x-mesh-service-key';

/** A fresh service key of 192 random bits. */
export function newServiceKey(): string {
  return randomBytes(24).toString('hex');
}

/** The routes that orchestrators ask without a key, and the one that checks a key of its own. */
const openRoutes: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/metrics']);

/**
 * Answers 401 to every request without the service key, before its body is read. Only health is open, and metrics check
 * a key by themselves. Unknown addresses get the same answer. The matched route decides, because one route has many spellings.
 */
export function guardWithServiceKey(fastify: FastifyInstance, serviceKey: string): void {
  const expected = digest(serviceKey);
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions;
    const shown = request.headers[serviceKeyHeader];
    const isOpen = route !== undefined && openRoutes.has(route);
    if (isOpen || (typeof shown === 'string' && timingSafeEqual(digest(shown), expected))) done();
    else void reply.code(401).send(refusal);
  });
}

/** Throws for a route below `/internal`, since nothing would guard it. */
export function refuseInternalRoutes(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', ({ url }) => {
    if (/^\/internal(\/|$)/.test(url))
      throw new Error(`the route ${url} needs the option serviceKey of startService`);
  });
}

const refusal = {
  statusCode: 401,
  error: 'Unauthorized',
  message: `The header ${serviceKeyHeader} is missing or differs from MESH_SERVICE_KEY of this service.`,
};

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { serviceKeyHeader } from './service-key.js';
import type { ServiceTelemetry } from './service-telemetry.js';

/** The address of a service's metrics. */
export const metricsPath = '/metrics';

/** The content type of the text format of Prometheus. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Whether a request may read metrics, which name tenants: it shows the service key, or the key of METRICS_KEY as a bearer
 * token.
 */
export function mayReadMetrics(
  headers: IncomingHttpHeaders,
  keys: { readonly serviceKey: string; readonly metricsKey: string | undefined },
): boolean {
  const shown = headers[serviceKeyHeader];
  if (typeof shown === 'string' && isEqual(shown, keys.serviceKey)) return true;
  const { authorization = '' } = headers;
  if (!authorization.startsWith('Bearer ')) return false;
  const token = authorization.slice('Bearer '.length);
  return (
    isEqual(token, keys.serviceKey) || (keys.metricsKey !== undefined && isEqual(token, keys.metricsKey))
  );
}

/** Serves the metrics of a service behind the guard of its service key, which leaves this route to its own check. */
export function serveMetrics(
  fastify: FastifyInstance,
  telemetry: ServiceTelemetry,
  serviceKey: string,
): void {
  const keys = { serviceKey, metricsKey: telemetry.metricsKey };
  fastify.get(metricsPath, async (request, reply) => {
    if (!mayReadMetrics(request.headers, keys))
      return reply.code(401).send({
        statusCode: 401,
        error: 'Unauthorized',
        message: 'Show METRICS_KEY of this service as a bearer token, or its service key.',
      });
    return reply
      .type(metricsContentType)
      .header('cache-control', 'no-store')
      .send(await telemetry.render());
  });
}

function isEqual(shown: string, expected: string): boolean {
  return timingSafeEqual(digest(shown), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

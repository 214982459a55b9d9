import { metricDefinition } from '@action-mesh/telemetry';
import type { Metrics } from '@action-mesh/telemetry/port';
import type { FastifyInstance } from 'fastify';

import { routeOf } from './route-table.js';
import { isStream } from './trace-headers.js';

/** Counts requests by route and class of status. Both have few values, whatever callers send. */
export function countRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter(metricDefinition.requests);
  const durations = metrics.histogram(metricDefinition.requestDuration);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request)?.path ?? 'unknown';
    requests.add({ route, status: `${Math.floor(reply.statusCode / 100)}xx` });
    if (!isStream(request)) durations.record(reply.elapsedTime / 1_000, { route });
    done();
  });
}

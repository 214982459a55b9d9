import type { Principal } from '@action-mesh/identity';
import { attributeName, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { isStream, parentOf, traceOf } from './trace-headers.js';
import { routeOf } from './route-table.js';

/** Routes without a span: probes, and streams that stay open for hours. A route with both kinds marks its streams. */
const untraced: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/metrics', '/v1/outcomes']);

/** Refusals of authenticated callers are denials, and their traces are kept. */
const denials: ReadonlySet<number> = new Set([403, 409, 422, 429]);

type Guarded = FastifyRequest & { readonly caller?: Principal };

/** Records a span for each request at the end of its answer. */
export function recordRequests(fastify: FastifyInstance, spans: Spans): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    if (route !== undefined && !untraced.has(route.path) && !isStream(request))
      recordRequest(spans, request, reply, route.path);
    done();
  });
}

function recordRequest(spans: Spans, request: FastifyRequest, reply: FastifyReply, route: string): void {
  const { statusCode } = reply;
  const endMs = spanTimeMs();
  const { caller } = request as Guarded;
  const isKept = statusCode >= 500 || (denials.has(statusCode) && caller !== undefined);
  spans.record({
    name: spanName.http(request.method, route),
    kind: 'server',
    trace: traceOf(request),
    parentSpanId: parentOf(request)?.spanId,
    startMs: endMs - reply.elapsedTime,
    endMs,
    tenantId: caller?.tenantId,
    attributes: {
      [attributeName.httpMethod]: request.method,
      [attributeName.httpRoute]: route,
      [attributeName.httpStatus]: statusCode,
      [attributeName.urlScheme]: request.protocol,
    },
    ...(statusCode >= 500 ? { error: { type: String(statusCode) } } : {}),
    ...(isKept ? { keep: true } : {}),
  });
}

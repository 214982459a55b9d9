import { childSpan, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import type { Spans } from '@action-mesh/telemetry/port';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Traced = FastifyRequest & { meshTrace?: TraceContext };

/** The span of a request: a child of the caller's span, or the root of a new trace. It is the same for the whole request. */
export function traceOf(request: FastifyRequest): TraceContext {
  return ((request as Traced).meshTrace ??= childSpan(callerTrace(request)));
}

export function callerTrace({ headers }: FastifyRequest): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  return typeof traceparent === 'string'
    ? parseTraceparent(traceparent, typeof tracestate === 'string' ? tracestate : undefined)
    : undefined;
}

/** Gives every request its span before anything else happens, with the decision about the sampling of a new trace. */
export function traceRequests(fastify: FastifyInstance, spans: Spans): void {
  fastify.addHook('onRequest', (request: Traced, _reply, done) => {
    const caller = callerTrace(request);
    request.meshTrace = caller === undefined ? spans.root() : childSpan(caller);
    done();
  });
}

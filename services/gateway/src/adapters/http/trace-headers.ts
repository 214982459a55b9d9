import { childSpan, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import type { Spans } from '@action-mesh/telemetry/port';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Traced = FastifyRequest & {
  meshTrace?: TraceContext;
  /** The parent of the span of the request, if the request names it in its body. */
  meshParent?: TraceContext;
  meshStream?: true;
};

/** The span of a request: a child of the caller's span, or the root of a new trace. It is the same for the whole request. */
export function traceOf(request: FastifyRequest): TraceContext {
  return ((request as Traced).meshTrace ??= childSpan(callerTrace(request)));
}

/** Makes the span of a request a child of the span that its body names. That span goes before the one in the headers. */
export function continueTrace(request: FastifyRequest, parent: TraceContext | undefined): void {
  if (parent === undefined) return;
  const traced = request as Traced;
  traced.meshParent = parent;
  traced.meshTrace = childSpan(parent);
}

/** The span of the caller: the one that the body of the request names, else the one in its headers. */
export function parentOf(request: FastifyRequest): TraceContext | undefined {
  return (request as Traced).meshParent ?? callerTrace(request);
}

/** Marks a request as a stream that stays open for hours, so that its duration is no span and no measurement. */
export function markStream(request: FastifyRequest): void {
  (request as Traced).meshStream = true;
}

export function isStream(request: FastifyRequest): boolean {
  return (request as Traced).meshStream === true;
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

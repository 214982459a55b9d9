import { childSpan, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import type { FastifyRequest } from 'fastify';

/** The span of a request's call: a child of the caller's span, or the root of a new trace. */
export function traceOf(request: FastifyRequest): TraceContext {
  return childSpan(callerTrace(request));
}

export function callerTrace({ headers }: FastifyRequest): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  return typeof traceparent === 'string'
    ? parseTraceparent(traceparent, typeof tracestate === 'string' ? tracestate : undefined)
    : undefined;
}

import { formatTraceparent, parseTraceparent, childSpan, type TraceContext } from '@action-mesh/kernel';

/** A trace position as one text: `traceparent`, then a space and `tracestate` if there is one. */
export function writeTrace(trace: TraceContext): string {
  const traceparent = formatTraceparent(trace);
  return trace.state === undefined ? traceparent : `${traceparent} ${trace.state}`;
}

/** Reads a text of `writeTrace`. */
export function readTrace(text: string): TraceContext {
  const space = text.indexOf(' ');
  const trace =
    space < 0 ? parseTraceparent(text) : parseTraceparent(text.slice(0, space), text.slice(space + 1));
  return trace ?? childSpan();
}

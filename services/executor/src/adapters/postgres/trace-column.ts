import { formatTraceparent, parseTraceparent, childSpan, type TraceContext } from '@action-mesh/kernel';

/** A trace position as one text: `traceparent`, and after a space `tracestate` where there is one. */
export function writeTrace(trace: TraceContext): string {
  const traceparent = formatTraceparent(trace);
  return trace.state === undefined ? traceparent : `${traceparent} ${trace.state}`;
}

/** Reads what `writeTrace` wrote. */
export function readTrace(text: string): TraceContext {
  const space = text.indexOf(' ');
  const trace =
    space < 0 ? parseTraceparent(text) : parseTraceparent(text.slice(0, space), text.slice(space + 1));
  return trace ?? childSpan();
}

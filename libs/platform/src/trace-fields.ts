import type { TraceContext } from '@action-mesh/kernel';

/** The members of a log line that lead from it to the trace of a request or a call. */
export interface TraceFields {
  readonly trace_id?: string;
  readonly call_id?: string;
}

/**
 * The members of a log line about a request or a call. Code passes them by hand: a store of the current trace that follows
 * each promise would cost time in every call, and few lines need it.
 */
export function traceFields(trace: Pick<TraceContext, 'traceId'> | undefined, callId?: string): TraceFields {
  return {
    ...(trace === undefined ? {} : { trace_id: trace.traceId }),
    ...(callId === undefined ? {} : { call_id: callId }),
  };
}

import type { TraceContext } from '@action-mesh/kernel';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type SpanAttributes = Record<string, string | number | boolean | readonly string[] | undefined>;

/** A span of another trace, or of the same one, that this span belongs to without being below it. */
export interface SpanLink {
  readonly trace: Pick<TraceContext, 'traceId' | 'spanId'>;
  readonly attributes?: SpanAttributes;
}

/** Facts about a call that every span of its trace and tenant carries, for backends that group by user, session or agent. */
export interface CallFacts {
  readonly tenantId: string;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly runId?: string | undefined;
}

/** A span at its end. Code records a span once, when everything about it is known. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  /** The span's own place. */
  readonly trace: TraceContext;
  readonly parentSpanId?: string | undefined;
  /** Milliseconds since the Unix epoch, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  readonly facts?: CallFacts | undefined;
  /** The tenant of the work, for a span without `facts`. It gets those of the calls of its trace and tenant. */
  readonly tenantId?: string | undefined;
  readonly links?: readonly SpanLink[] | undefined;
  /** Why the work of the span failed. Absent: it did not. The message is exported only with content. */
  readonly error?: { readonly type: string; readonly message?: string | undefined } | undefined;
  /** The span is exported even when its trace is not sampled, and the spans of its trace in this process with it. */
  readonly keep?: boolean | undefined;
}

/** Takes finished spans. No method throws, waits or does I/O. */
export interface Spans {
  /** False: nothing is exported, and code should not build spans. */
  readonly isOn: boolean;
  /** Whether arguments and results may be attributes. */
  readonly hasContent: boolean;
  record(span: FinishedSpan): void;
  /** The first span of a new trace, with the decision about its sampling. */
  root(): TraceContext;
  /**
   * Gives the facts of a call to the spans of its trace and tenant that do not know them, in this process. Any caller may
   * send the trace id of another tenant, so a trace alone gives no facts.
   */
  describe(traceId: string, facts: CallFacts): void;
  /** Exports the spans of a trace that is not sampled, those that this process holds and those that follow. */
  keep(traceId: string): void;
}

/** The time of spans: milliseconds since the Unix epoch, with fractions. */
export function spanTimeMs(): number {
  return performance.timeOrigin + performance.now();
}

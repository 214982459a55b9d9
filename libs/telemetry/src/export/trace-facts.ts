import type { CallFacts, FinishedSpan } from '../spans/finished-span.js';

/** The most traces whose facts are remembered. */
const maxTraces = 8_192;

/**
 * The facts of the calls of recent traces. Spans that know only their trace and tenant get them from here.
 *
 * - TF1: a tenant that sends the trace id of another tenant gets nothing about the calls of that tenant.
 */
export class TraceFacts {
  readonly #byTrace = new Map<string, CallFacts>();

  describe(traceId: string, facts: CallFacts): void {
    const key = keyOf(traceId, facts.tenantId);
    const known = this.#byTrace.get(key);
    this.#byTrace.set(key, known === undefined ? facts : common(known, facts));
    if (this.#byTrace.size <= maxTraces) return;
    for (const oldest of this.#byTrace.keys()) {
      this.#byTrace.delete(oldest);
      return;
    }
  }

  /** The facts for a span. A span of a known tenant has at least the tenant. */
  of({ facts, tenantId, trace }: Pick<FinishedSpan, 'facts' | 'tenantId' | 'trace'>): CallFacts | undefined {
    if (facts !== undefined || tenantId === undefined) return facts;
    return this.#byTrace.get(keyOf(trace.traceId, tenantId)) ?? { tenantId };
  }
}

/** A trace id has a fixed length, so no two pairs have one key. */
function keyOf(traceId: string, tenantId: string): string {
  return `${traceId}${tenantId}`;
}

/** What both calls have in common. One trace may hold the calls of several users. */
function common(one: CallFacts, other: CallFacts): CallFacts {
  if (one === other) return one;
  return {
    tenantId: one.tenantId,
    userId: one.userId === other.userId ? one.userId : undefined,
    sessionId: one.sessionId === other.sessionId ? one.sessionId : undefined,
    agentId: one.agentId === other.agentId ? one.agentId : undefined,
    runId: one.runId === other.runId ? one.runId : undefined,
  };
}

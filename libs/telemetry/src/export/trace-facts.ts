import type { CallFacts } from '../spans/finished-span.js';

/** The most traces whose facts are remembered. */
const maxTraces = 8_192;

/** The facts of the calls of recent traces. Spans that know only their trace get them from here. */
export class TraceFacts {
  readonly #byTrace = new Map<string, CallFacts>();

  describe(traceId: string, facts: CallFacts): void {
    const known = this.#byTrace.get(traceId);
    this.#byTrace.set(traceId, known === undefined ? facts : common(known, facts));
    if (this.#byTrace.size <= maxTraces) return;
    for (const oldest of this.#byTrace.keys()) {
      this.#byTrace.delete(oldest);
      return;
    }
  }

  of(traceId: string): CallFacts | undefined {
    return this.#byTrace.get(traceId);
  }
}

/** What both calls have in common. One trace may hold the calls of several users. */
function common(one: CallFacts, other: CallFacts): CallFacts {
  if (one === other) return one;
  return {
    tenantId: one.tenantId === other.tenantId ? one.tenantId : '',
    userId: one.userId === other.userId ? one.userId : undefined,
    sessionId: one.sessionId === other.sessionId ? one.sessionId : undefined,
    agentId: one.agentId === other.agentId ? one.agentId : undefined,
    runId: one.runId === other.runId ? one.runId : undefined,
  };
}

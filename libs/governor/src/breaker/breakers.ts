import type { CircuitState, Subject } from '../governor.port.js';
import { Breaker, type BreakerRules } from './breaker.js';

/** The most troubled endpoints at once. Beyond it, the oldest breaker is forgotten and starts closed again. */
const maxBreakers = 50_000;

/** A troubled endpoint of one credential. */
export interface TroubledEndpoint {
  readonly tenantId: string;
  readonly provider: string;
  readonly credential: string;
  readonly endpoint: string;
  readonly breaker: Breaker;
}

/**
 * A breaker for each (provider, credential, endpoint) that failed recently. A failure of one user must not stop the others.
 * Without failures, it holds nothing.
 */
export class Breakers {
  readonly #rules: BreakerRules;
  readonly #troubled = new Map<string, TroubledEndpoint>();

  constructor(rules: BreakerRules) {
    this.#rules = rules;
  }

  get isEmpty(): boolean {
    return this.#troubled.size === 0;
  }

  find(subject: Subject): Breaker | undefined {
    return this.isEmpty ? undefined : this.#troubled.get(breakerKey(subject))?.breaker;
  }

  /** Counts the result of a request with the breaker that it met, if any. Returns an endpoint whose state changed. */
  record(
    subject: Subject,
    failed: boolean,
    met: { readonly breaker: Breaker; readonly generation: number } | undefined,
    nowMs: number,
  ): CircuitState | undefined {
    const known = this.find(subject);
    if (known === undefined && !failed) return undefined;
    const breaker = known ?? this.#add(subject);
    // A request without a breaker met a closed one. The generation decides whether its result still counts (CB2).
    const generation = met?.breaker === breaker ? met.generation : 0;
    const before = breaker.state;
    breaker.record(failed, generation, nowMs);
    if (breaker.isUnmarked) this.#troubled.delete(breakerKey(subject));
    return breaker.state === before ? undefined : breaker.state;
  }

  all(): IterableIterator<TroubledEndpoint> {
    return this.#troubled.values();
  }

  #add(subject: Subject): Breaker {
    if (this.#troubled.size >= maxBreakers) {
      const [oldest] = this.#troubled.keys();
      if (oldest !== undefined) this.#troubled.delete(oldest);
    }
    const { tenantId, provider, credential, endpoint } = subject;
    const breaker = new Breaker(this.#rules);
    this.#troubled.set(breakerKey(subject), { tenantId, provider, credential, endpoint, breaker });
    return breaker;
  }
}

/** Names never hold control characters, so two different lists of names never give the same key. */
export function breakerKey({ tenantId, provider, credential, endpoint }: Subject): string {
  return `${tenantId}\n${provider}\n${credential}\n${endpoint}`;
}

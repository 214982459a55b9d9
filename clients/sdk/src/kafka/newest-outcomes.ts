import type { MeshOutcome } from '../outcome.js';

/** The most calls whose last outcome is remembered. */
const mostCalls = 100_000;

type SeenOutcome = Pick<MeshOutcome, 'tenant_id' | 'call_id' | 'seq'>;

/**
 * Drops outcomes that are older than one that was handled. Kafka delivers a record again after a rebalance, and a writer
 * that comes back late may publish an old one.
 *
 * - KN1: an outcome is remembered only after its handler is done with it, so that a failed one comes again.
 * - KN2: the memory is by tenant and call, since two tenants may use one id for two calls.
 */
export class NewestOutcomes {
  readonly #newest = new Map<string, number>();

  /** True for an outcome that says more about its call than all that were handled. */
  isNews(outcome: SeenOutcome): boolean {
    return outcome.seq > (this.#newest.get(keyOf(outcome)) ?? 0);
  }

  /** Remembers an outcome that was handled. */
  remember(outcome: SeenOutcome): void {
    if (!this.isNews(outcome)) return;
    const key = keyOf(outcome);
    // The newest entry goes to the end, so that the oldest one is the first.
    this.#newest.delete(key);
    this.#newest.set(key, outcome.seq);
    if (this.#newest.size > mostCalls) {
      const [oldest = ''] = this.#newest.keys();
      this.#newest.delete(oldest);
    }
  }
}

function keyOf({ tenant_id: tenantId, call_id: callId }: SeenOutcome): string {
  return JSON.stringify([tenantId, callId]);
}

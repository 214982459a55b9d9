import type { MeshOutcome } from '../outcome.js';

/** The most calls whose last outcome is remembered. */
const mostCalls = 100_000;

/**
 * Drops outcomes that are older than one that was seen. Kafka delivers a record again after a rebalance, and a writer
 * that comes back late may publish an old one.
 */
export class NewestOutcomes {
  readonly #newest = new Map<string, number>();

  /** True for an outcome that says more about its call than all before it. */
  isNews({ call_id: callId, seq }: MeshOutcome): boolean {
    if (seq <= (this.#newest.get(callId) ?? 0)) return false;
    // The newest entry goes to the end, so that the oldest one is the first.
    this.#newest.delete(callId);
    this.#newest.set(callId, seq);
    if (this.#newest.size > mostCalls) {
      const [oldest = ''] = this.#newest.keys();
      this.#newest.delete(oldest);
    }
    return true;
  }
}

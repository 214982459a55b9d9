/** How many requests may be under way at once, and how that is learned. */
export interface ConcurrencyRules {
  /**
   * As many as one credential may have under way, so that an executor that takes over from another sends again at once
   * what that one had in flight, and little enough to be borne by a provider that nothing is known of yet.
   * @default 64
   */
  readonly start: number;
  /** @default 256 */
  readonly max: number;
}

export const defaultConcurrencyRules: ConcurrencyRules = { start: 64, max: 256 };

const shrink = 0.9;

/**
 * Additive increase, multiplicative decrease.
 *
 * - AL1: at least one request may always be under way, else nothing would ever be learned again.
 * - AL2: it grows only while it is used: a limit that nobody has met says nothing about the provider. By one with each
 *   success until the provider has complained for the first time, then by one with as many successes as the limit.
 * - AL3: one complaint about many requests is one: only those that left after the last decrease can cause the next.
 */
export class AdaptiveLimit {
  readonly #rules: ConcurrencyRules;
  #limit: number;
  #inFlight = 0;
  #successes = 0;
  #hasComplained = false;
  #era = 0;
  #averageMs = 100;

  constructor(rules: ConcurrencyRules) {
    this.#rules = rules;
    this.#limit = Math.max(1, Math.min(rules.start, rules.max));
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How long a request takes, milliseconds: when one of those under way may be done. */
  get averageMs(): number {
    return this.#averageMs;
  }

  /** To be given to `complain` with the request that leaves now. */
  get era(): number {
    return this.#era;
  }

  acquire(): boolean {
    if (this.#inFlight >= this.limit) return false;
    this.#inFlight += 1;
    return true;
  }

  release(): void {
    this.#inFlight -= 1;
  }

  /** Before `leave`. */
  succeed(durationMs: number): void {
    this.#averageMs += (durationMs - this.#averageMs) / 16;
    if (this.#inFlight * 2 < this.limit) return;
    this.#successes += 1;
    if (this.#hasComplained && this.#successes < this.limit) return;
    this.#successes = 0;
    this.#limit = Math.min(this.#rules.max, this.#limit + 1);
  }

  /** The provider said, or showed, that it is too much. */
  complain(era: number): void {
    if (era !== this.#era) return;
    this.#era += 1;
    this.#hasComplained = true;
    this.#successes = 0;
    this.#limit = Math.max(1, this.#limit * shrink);
  }
}

/** The bounds of an adaptive limit on requests under way. */
export interface ConcurrencyRules {
  /**
   * The limit at first. It equals the most requests of one credential, so an executor that takes over can send all of them
   * again at once. It is also low enough for an unknown provider.
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
 * - AL1: at least one request may always be under way. Otherwise the limit could never learn again.
 * - AL2: the limit grows only while it is reached; an unused limit shows nothing about the provider. It grows by one with
 *   each success until the first complaint. After that, it grows by one with as many successes as the limit.
 * - AL3: many complaints about one burst count as one. Only requests that left after the last decrease can cause the next.
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

  /** The average duration of a request, milliseconds: an estimate of when a slot becomes free. */
  get averageMs(): number {
    return this.#averageMs;
  }

  /** The era of a request that leaves now. Pass it to `complain` with the result of the request. */
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

  /** Counts a success. Call it before `release`. */
  succeed(durationMs: number): void {
    this.#averageMs += (durationMs - this.#averageMs) / 16;
    if (this.#inFlight * 2 < this.limit) return;
    this.#successes += 1;
    if (this.#hasComplained && this.#successes < this.limit) return;
    this.#successes = 0;
    this.#limit = Math.min(this.#rules.max, this.#limit + 1);
  }

  /** Counts an answer, or a missing answer, that shows too much load. */
  complain(era: number): void {
    if (era !== this.#era) return;
    this.#era += 1;
    this.#hasComplained = true;
    this.#successes = 0;
    this.#limit = Math.max(1, this.#limit * shrink);
  }
}

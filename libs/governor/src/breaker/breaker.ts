import type { CircuitState } from '../governor.port.js';

/** The conditions under which a breaker opens, and its durations. */
export interface BreakerRules {
  /** Failures without a success in between. @default 5 */
  readonly failuresInARow: number;
  /** Failures among the last 20 answers. @default 10 */
  readonly failuresOfLast20: number;
  /** The first duration of an open breaker, milliseconds. It doubles with each failed probe. @default 5000 */
  readonly firstOpenMs: number;
  /** @default 300000 */
  readonly longestOpenMs: number;
}

export const defaultBreakerRules: BreakerRules = {
  failuresInARow: 5,
  failuresOfLast20: 10,
  firstOpenMs: 5_000,
  longestOpenMs: 300_000,
};

/** The breaker's answer to one request. */
export type Passage =
  | { readonly kind: 'free' }
  /** The request may leave as the probe of the endpoint. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'shut'; readonly untilMs: number };

/** How long other requests wait while a probe is under way, milliseconds. */
const probeUnderWayMs = 500;
const lastTwenty = 2 ** 20 - 1;

/**
 * Stops requests to a failing endpoint, and tests it with a single probe.
 *
 * `closed`: all requests pass. → `open` after too many failures.
 * `open`: none passes. → `half_open` at the reopen time, by the first request after it.
 * `half_open`: that one request, the probe, is under way. → `closed` after its success. → `open` for twice as long after
 * its failure. → `open` for the same time again if it had no result.
 *
 * - CB1: one probe at a time.
 * - CB2: a request that left before the state changed does not affect the new state.
 */
export class Breaker {
  readonly #rules: BreakerRules;
  #state: CircuitState = 'closed';
  #failuresInARow = 0;
  /** The last 20 answers, one bit each, the newest lowest: 1 is a failure. */
  #recent = 0;
  #openForMs = 0;
  #reopenAtMs = 0;
  #generation = 0;

  constructor(rules: BreakerRules) {
    this.#rules = rules;
  }

  get state(): CircuitState {
    return this.#state;
  }

  get failures(): number {
    return this.#failuresInARow;
  }

  get reopenAtMs(): number {
    return this.#reopenAtMs;
  }

  /** The generation of a request that leaves now. Pass it to `record` with the result of the request. */
  get generation(): number {
    return this.#generation;
  }

  /** The duration of the present open state, or of the last one, milliseconds. */
  get openForMs(): number {
    return this.#openForMs;
  }

  /** Whether the breaker can be forgotten without a loss. */
  get isUnmarked(): boolean {
    return this.#state === 'closed' && this.#recent === 0;
  }

  passage(nowMs: number): Passage {
    if (this.#state === 'closed') return { kind: 'free' };
    if (this.#state === 'half_open') return { kind: 'shut', untilMs: nowMs + probeUnderWayMs };
    return nowMs >= this.#reopenAtMs ? { kind: 'probe' } : { kind: 'shut', untilMs: this.#reopenAtMs };
  }

  beginProbe(): void {
    this.#change('half_open');
  }

  /** Ends a probe that did not leave, for instance because another instance has one under way until `untilMs`. */
  abandonProbe(untilMs: number): void {
    this.#reopenAtMs = untilMs;
    this.#change('open');
  }

  /** Counts the result of a request that left in `generation`. */
  record(failed: boolean, generation: number, nowMs: number): void {
    if (generation !== this.#generation) return;
    this.#recent = ((this.#recent << 1) | (failed ? 1 : 0)) & lastTwenty;
    this.#failuresInARow = failed ? this.#failuresInARow + 1 : 0;
    if (this.#state === 'half_open') {
      if (failed) this.#open(Math.min(this.#openForMs * 2, this.#rules.longestOpenMs), nowMs);
      else this.#close();
    } else if (failed && this.#isTooMuch()) this.#open(this.#rules.firstOpenMs, nowMs);
  }

  #isTooMuch(): boolean {
    if (this.#failuresInARow >= this.#rules.failuresInARow) return true;
    let failures = 0;
    for (let bits = this.#recent; bits > 0; bits >>= 1) failures += bits & 1;
    return failures >= this.#rules.failuresOfLast20;
  }

  #open(forMs: number, nowMs: number): void {
    this.#openForMs = forMs;
    this.#reopenAtMs = nowMs + forMs;
    this.#change('open');
  }

  #close(): void {
    this.#recent = 0;
    this.#failuresInARow = 0;
    this.#change('closed');
  }

  #change(state: CircuitState): void {
    this.#state = state;
    this.#generation += 1;
  }
}

import type { Clock } from './clock.js';

/** A clock that moves only when a test advances it. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** Advances both times by `ms` milliseconds. Refuses a negative number, because monotonic time never goes back. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('a clock advances by zero or more milliseconds');
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }
}

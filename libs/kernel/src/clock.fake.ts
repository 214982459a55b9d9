import type { Clock } from './clock.js';

/** A clock that moves only when told to. */
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

  /** Both clocks move on by so much; never back, which monotonic time cannot do. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('a clock advances by zero or more milliseconds');
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }
}

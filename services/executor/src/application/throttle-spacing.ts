import type { Clock } from '@action-mesh/kernel';

import type { Admission } from './governor.port.js';

type Denial = Exclude<Admission, { allowed: true }>;

/** How far apart calls start again that waited for the same thing, in milliseconds, where the denial does not say. */
const pauseMs = { provider_blocked: 10, circuit_open: 100, concurrency: 10, rate_limited: 1 } as const;

const longestPauseMs = 60_000;

/**
 * Gives calls that were denied for the same reason different times to come back, in the order in which they were denied.
 * All at once they would meet the same limit, and all but one of them wait again.
 *
 * - T1: never before the time that the denial names.
 * - T2: remembers one time for each limit that has calls waiting, and forgets it when it has passed.
 */
export class ThrottleSpacing {
  readonly #nextAtMs = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds from now until the call may ask again. */
  delayMs(denial: Denial): number {
    const nowMs = this.#clock.now();
    const untilMs = Math.max(denial.untilMs, nowMs);
    // The time to the next free place of a rate limit is at most the time between two of them.
    const spacingMs = Math.max(
      pauseMs[denial.reason],
      denial.reason === 'rate_limited' ? Math.min(untilMs - nowMs, longestPauseMs) : 0,
    );
    const atMs = Math.max(untilMs, this.#nextAtMs.get(denial.scope) ?? 0);
    this.#nextAtMs.set(denial.scope, atMs + spacingMs);
    if (this.#nextAtMs.size > 1_000) this.#forgetPassed(nowMs);
    return atMs - nowMs;
  }

  #forgetPassed(nowMs: number): void {
    for (const [scope, atMs] of this.#nextAtMs) if (atMs <= nowMs) this.#nextAtMs.delete(scope);
  }
}

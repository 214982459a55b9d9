import type { Admission } from '@action-mesh/governor/port';
import type { Clock } from '@action-mesh/kernel';

type Denial = Exclude<Admission, { allowed: true }>;

/** How far apart calls start again that waited for the same thing, in milliseconds, where the denial does not say. */
const pauseMs = { provider_blocked: 10, circuit_open: 100, concurrency: 0.5, rate_limited: 1 } as const;

const longestPauseMs = 60_000;

/** A queue of this length is worth having: it bridges the time until more can be woken. */
const congestionMs = 250;

/**
 * Gives calls of a tenant that were denied for the same reason different times to come back, in the order in which they
 * were denied. All at once they would meet the same limit, and all but one of them wait again.
 *
 * - TS1: never before the time that the denial names.
 * - TS2: remembers one time for each limit and tenant with calls waiting, and forgets it when it has passed.
 * - TS3: no tenant queues behind another: a flood that meets a common limit would put everybody else at its end (I11).
 */
export class ThrottleSpacing {
  readonly #nextAtMs = new Map<string, number>();
  readonly #congestedUntilMs = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds from now until the call may ask again. */
  delayMs(denial: Denial, tenantId: string): number {
    const queue = `${denial.scope} ${tenantId}`;
    const nowMs = this.#clock.now();
    const untilMs = Math.max(denial.untilMs, nowMs);
    // The time to the next free place of a rate limit is at most the time between two of them.
    const spacingMs = Math.max(
      pauseMs[denial.reason],
      denial.reason === 'rate_limited' ? Math.min(untilMs - nowMs, longestPauseMs) : 0,
    );
    const atMs = Math.max(untilMs, this.#nextAtMs.get(queue) ?? 0);
    this.#nextAtMs.set(queue, atMs + spacingMs);
    if (denial.reason === 'concurrency') this.#congestedUntilMs.set(tenantId, atMs - congestionMs);
    if (this.#nextAtMs.size > 1_000) this.#forgetPassed(nowMs);
    return atMs - nowMs;
  }

  /**
   * Tenants that have as many calls waiting for a provider to bear another one as it bears in the next moments. Were more
   * of them started, they would only be parked again.
   */
  congested(): ReadonlySet<string> {
    const nowMs = this.#clock.now();
    for (const [tenantId, untilMs] of this.#congestedUntilMs)
      if (untilMs <= nowMs) this.#congestedUntilMs.delete(tenantId);
    return new Set(this.#congestedUntilMs.keys());
  }

  #forgetPassed(nowMs: number): void {
    for (const [queue, atMs] of this.#nextAtMs) if (atMs <= nowMs) this.#nextAtMs.delete(queue);
  }
}

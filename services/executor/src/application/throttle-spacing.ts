import type { Admission } from '@action-mesh/governor/port';
import type { Clock } from '@action-mesh/kernel';

type Denial = Exclude<Admission, { allowed: true }>;

/** Milliseconds between the restarts of calls that waited for the same thing, when the denial gives no spacing. */
const pauseMs = { provider_blocked: 10, circuit_open: 100, concurrency: 0.5, rate_limited: 1 } as const;

const longestPauseMs = 60_000;

/** A queue of this length is useful: it bridges the time until more calls can be woken. */
const congestionMs = 250;

/**
 * Gives calls of a tenant that were denied for the same reason different times to come back, in the order of their
 * denials. All at once they would meet the same limit, and all but one would wait again.
 *
 * - TS1: a call never comes back before the time of its denial.
 * - TS2: it remembers one time for each limit and tenant with waiting calls, and forgets it when it has passed.
 * - TS3: no tenant queues behind another. A flood at a common limit would otherwise put all other tenants at its end
 *   (I11).
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
    // A rate limit frees its next place after at most the spacing of two places.
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
   * Tenants with as many calls waiting at a provider as it accepts in the next moments. More started calls would only
   * be parked again.
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

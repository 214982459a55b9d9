import type { Clock } from '@action-mesh/kernel';

/** The allowance for our clock being ahead of a broker's, while no record shows the broker's time. */
const skewAllowanceMs = 50;
/** The most that our clock may run faster than the broker's: 200 ppm, several times the drift of a quartz. */
const drift = 0.000_2;

/**
 * Estimates the clock of a partition's leading broker from below. Kafka has no request for the time, but its stamps
 * show it: when a record arrives, the broker's clock is not behind the record's stamp.
 *
 * - M32: the estimate is not ahead of the broker if our clock was ahead by at most the allowance when we got the
 *   partition. Later jumps of our clock do not count. The estimate follows a broker that is ahead of us.
 */
export class BrokerClock {
  readonly #clock: Clock;
  /** Our wall clock less our monotonic clock at construction. */
  readonly #anchorMs: number;
  #stampMs = -Infinity;
  #stampSeenAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#anchorMs = clock.now() - clock.monotonicMs();
  }

  /** Takes the stamp of a record that has just arrived. */
  observe(stampMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    if (stampMs <= this.#proven(nowMs)) return;
    this.#stampMs = stampMs;
    this.#stampSeenAtMs = nowMs;
  }

  /** The estimated time in milliseconds since the Unix epoch. */
  now(): number {
    const nowMs = this.#clock.monotonicMs();
    const ownMs = Math.min(this.#clock.now(), this.#anchorMs + nowMs);
    return Math.max(this.#proven(nowMs), ownMs - skewAllowanceMs);
  }

  /** The newest stamp plus the time since then. */
  #proven(nowMs: number): number {
    return this.#stampMs + (nowMs - this.#stampSeenAtMs) * (1 - drift);
  }
}

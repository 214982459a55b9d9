import type { Clock } from '@action-mesh/kernel';

/** How far our clock may be ahead of a broker's before it is believed too much, where no record tells. */
const SKEW_ALLOWANCE_MS = 50;
/** How much faster than the broker's our clock may run: 200 ppm, several times what a quartz does. */
const DRIFT = 0.000_2;

/**
 * The time on the clock of the broker that leads a partition, as an estimate from below. Kafka tells nobody its time, but
 * the stamps of what it appends do: when a record is here, the broker's clock is not behind the record's stamp.
 *
 * - M32: the estimate is not ahead of the broker as long as our clock, at the assignment of the partition, was not ahead
 *   by more than the allowance. Jumps of our clock since then do not count. A broker that is ahead of us is followed.
 */
export class BrokerClock {
  readonly #clock: Clock;
  /** Our wall clock less our monotonic one, when this was made. */
  readonly #anchorMs: number;
  #stampMs = -Infinity;
  #stampSeenAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#anchorMs = clock.now() - clock.monotonicMs();
  }

  /** A record with this stamp has just come. */
  observe(stampMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    if (stampMs <= this.#proven(nowMs)) return;
    this.#stampMs = stampMs;
    this.#stampSeenAtMs = nowMs;
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    const nowMs = this.#clock.monotonicMs();
    const ownMs = Math.min(this.#clock.now(), this.#anchorMs + nowMs);
    return Math.max(this.#proven(nowMs), ownMs - SKEW_ALLOWANCE_MS);
  }

  /** The newest stamp, and the time that has passed since. */
  #proven(nowMs: number): number {
    return this.#stampMs + (nowMs - this.#stampSeenAtMs) * (1 - DRIFT);
  }
}

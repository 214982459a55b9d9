import type { Clock } from '@action-mesh/kernel';

const mostCounted = 10_000;
const burst = 50;
const perSecond = 10;
const reportEveryMs = 60_000;

/** A refused delivery, for the log. It holds nothing of the request. */
export interface RefusedDelivery {
  readonly tenant: string;
  readonly trigger: string;
  /** Why the signature did not open the trigger, or `trigger_unknown`. */
  readonly fault: string;
  /** Refusals since the last report of this trigger and address. */
  readonly count: number;
}

interface Refusals {
  fullAtMs: number;
  unreported: number;
  reportAtMs: number;
}

/**
 * Counts refused deliveries by address and path. After a burst, requests there are refused before their body is read, at
 * known triggers and unknown ones alike. Other senders of the same trigger, and other triggers, notice nothing.
 *
 * - FD1: never more than 10,000 counts; the oldest is forgotten first.
 */
export class RefusedDeliveries {
  readonly #counts = new Map<string, Refusals>();
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #report: (refused: RefusedDelivery) => void;

  constructor(clock: Pick<Clock, 'monotonicMs'>, report: (refused: RefusedDelivery) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Seconds until the next attempt, or 0 where an attempt is welcome. */
  waitSeconds(address: string, path: string): number {
    const count = this.#counts.get(keyOf(address, path));
    if (count === undefined) return 0;
    const overMs = count.fullAtMs - this.#clock.monotonicMs() - ((burst - 1) * 1_000) / perSecond;
    return overMs <= 0 ? 0 : Math.ceil(overMs / 1_000);
  }

  record(address: string, path: string, refused: Omit<RefusedDelivery, 'count'>): void {
    const nowMs = this.#clock.monotonicMs();
    const key = keyOf(address, path);
    const count = this.#counts.get(key) ?? { fullAtMs: nowMs, unreported: 0, reportAtMs: nowMs };
    count.fullAtMs = Math.max(count.fullAtMs, nowMs) + 1_000 / perSecond;
    count.unreported += 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > mostCounted) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    if (nowMs < count.reportAtMs) return;
    this.#report({ ...refused, count: count.unreported });
    count.unreported = 0;
    count.reportAtMs = nowMs + reportEveryMs;
  }
}

function keyOf(address: string, path: string): string {
  return `${address} ${path}`;
}

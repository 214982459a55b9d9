import type { Clock } from '@action-mesh/kernel';

import { emptyBucket, giveBack, take, type Bucket, type Rate } from './gcra.js';
import type { Charge, Counter, TokenGrant, LimitDecision } from './limit-store.port.js';
import { shareOf } from './share.js';

/** How long a request waits under a limit that cannot be divided, milliseconds. */
const starvedWaitMs = 60_000;
/** Full buckets are removed when the number of buckets exceeds this. */
const sweepAbove = 10_000;

interface Used {
  readonly counter: Counter;
  readonly bucket: Bucket;
}

/**
 * The limits of one instance that enforces its share by itself.
 *
 * - LL1: a period begins with empty buckets if earlier takings are unknown (I10). It begins with full ones only if no token
 *   can have been taken.
 * - LL2: at the end of a period, each bucket is compared with this instance's part of the burst. The missing tokens are
 *   charged to all instances. The common bucket is then never fuller than if it had given every token at once.
 */
export class LocalLimiter {
  readonly #clock: Clock;
  readonly #instances: () => number;
  readonly #used = new Map<string, Used>();
  #emptyAtUs: number | undefined;
  #period = 0;
  #sweepAt = sweepAbove;

  constructor(clock: Clock, instances: () => number) {
    this.#clock = clock;
    this.#instances = instances;
  }

  /** Begins a period (LL1). */
  begin(buckets: 'empty' | 'full'): void {
    this.#period += 1;
    this.#used.clear();
    this.#emptyAtUs = buckets === 'empty' ? this.#nowUs() : undefined;
  }

  /** Takes one token from each counter, or none at all. A look takes none. */
  take(counters: readonly Counter[], isLook = false): LimitDecision {
    const nowUs = this.#nowUs();
    const instances = this.#instances();
    const used: Used[] = [];
    let worst: { waitMs: number; counter: Counter } | undefined;
    for (const counter of counters) {
      const share = shareOf(counter.rate, instances);
      if (share === undefined) {
        worst = { waitMs: starvedWaitMs, counter };
        break;
      }
      const taking = take(this.#bucket(counter, share), share, nowUs);
      if (taking.taken) {
        used.push({ counter, bucket: taking.bucket });
        continue;
      }
      const waitMs = Math.ceil(taking.waitUs / 1_000);
      if (worst === undefined || waitMs > worst.waitMs) worst = { waitMs, counter };
    }
    if (worst !== undefined) return { kind: 'limited', ...worst };
    if (!isLook) for (const use of used) this.#used.set(use.counter.key, use);
    this.#sweep(nowUs);
    return { kind: 'granted', grant: { counters, takenAtUs: nowUs, life: this.#life } };
  }

  giveBack({ counters, takenAtUs, life }: TokenGrant): void {
    if (life !== this.#life) return;
    const nowUs = this.#nowUs();
    const instances = this.#instances();
    for (const { key, rate } of counters) {
      const share = shareOf(rate, instances);
      const use = this.#used.get(key);
      if (share === undefined || use === undefined) continue;
      const bucket = giveBack(use.bucket, share, { nowUs, takenAtUs });
      this.#used.set(key, { counter: use.counter, bucket });
    }
  }

  /** The charges of this period for the common buckets (LL2). */
  charges(): Charge[] {
    const nowUs = this.#nowUs();
    const instances = this.#instances();
    const charges: Charge[] = [];
    for (const { counter, bucket } of this.#used.values()) {
      const share = shareOf(counter.rate, instances);
      if (share === undefined) continue;
      const missing = Math.max(0, bucket.tatUs - nowUs) / share.intervalUs;
      const cost = Math.ceil(missing + Math.max(0, counter.rate.burst / instances - share.burst));
      if (cost > 0) charges.push({ counter, cost });
    }
    return charges;
  }

  get #life(): string {
    return `local:${this.#period}`;
  }

  #bucket({ key }: Counter, share: Rate): Bucket | undefined {
    const known = this.#used.get(key);
    if (known !== undefined) return known.bucket;
    return this.#emptyAtUs === undefined ? undefined : emptyBucket(share, this.#emptyAtUs);
  }

  #sweep(nowUs: number): void {
    if (this.#used.size < this.#sweepAt) return;
    for (const [key, { bucket }] of this.#used) if (bucket.tatUs <= nowUs) this.#used.delete(key);
    this.#sweepAt = Math.max(sweepAbove, this.#used.size * 2);
  }

  #nowUs(): number {
    return Math.floor(this.#clock.monotonicMs() * 1_000);
  }
}

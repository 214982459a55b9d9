import { defined } from './defined.js';

/** Upper bounds of the buckets, in milliseconds. One more bucket, without a bound, counts later values. */
const boundsMs = [
  1, 2, 5, 10, 20, 30, 50, 75, 100, 125, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
  300_000, 3_600_000,
] as const;

/** A histogram as data. Quantiles are absent when the histogram is empty. */
export interface LatenessSnapshot {
  readonly count: number;
  /**
   * The number of values before their time. Never early is an invariant (I6): a number above zero shows a bug or a
   * wrong clock.
   */
  readonly early: number;
  readonly max_ms: number;
  readonly p50_ms?: number;
  readonly p99_ms?: number;
  readonly p999_ms?: number;
  /** The buckets that are not empty. `le_ms` is null in the bucket without a bound. */
  readonly buckets: readonly { readonly le_ms: number | null; readonly count: number }[];
}

/**
 * Counts how late planned things happened. Its buckets are fixed, so its size never grows and the numbers of several
 * processes can be added up.
 */
export class LatenessHistogram {
  readonly #counts = new Array<number>(boundsMs.length + 1).fill(0);
  #count = 0;
  #early = 0;
  #maxMs = 0;

  /** Records one lateness in milliseconds. A negative one is early and counts as zero. */
  record(lateMs: number): void {
    if (Number.isNaN(lateMs)) throw new RangeError('a lateness is a number of milliseconds');
    const found = boundsMs.findIndex((boundMs) => lateMs <= boundMs);
    const bucket = found === -1 ? boundsMs.length : found;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    if (lateMs < 0) this.#early += 1;
    this.#maxMs = Math.max(this.#maxMs, lateMs);
  }

  get count(): number {
    return this.#count;
  }

  get early(): number {
    return this.#early;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /**
   * A time within which at least this share (0 to 1) happened: the bound of a bucket, or the maximum when that is
   * smaller. It is never too small, and at most one bucket too large. Undefined when the histogram is empty.
   */
  quantileMs(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    const bucket = this.#counts.findIndex((count) => (seen += count) >= rank);
    return Math.min(this.#maxMs, boundsMs[bucket] ?? Infinity);
  }

  /** For `JSON.stringify`, metrics and people. */
  toJSON(): LatenessSnapshot {
    const p50 = this.quantileMs(0.5);
    const p99 = this.quantileMs(0.99);
    const p999 = this.quantileMs(0.999);
    return {
      count: this.#count,
      early: this.#early,
      max_ms: this.#maxMs,
      ...defined({ p50_ms: p50, p99_ms: p99, p999_ms: p999 }),
      buckets: this.#counts.flatMap((count, bucket) =>
        count === 0 ? [] : [{ le_ms: boundsMs[bucket] ?? null, count }],
      ),
    };
  }
}

import type { Clock } from '@action-mesh/kernel';

export interface TenantConcurrencyCapOptions {
  /** The highest cap, while commits are not slow. */
  readonly most: number;
  /** The lowest cap, however slow commits are. @default 16 */
  readonly least?: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Weight of the newest commit in the average. */
const newest = 1 / 16;
/** Commits are slow when they take more than this many times the quiet time, plus a little. */
const slowRatio = 2;
const slackMs = 4;
/** The step, at each adjustment, by which the quiet time adapts to a machine that has become slower for good. */
const drift = 1 / 1_000;
const adjustEveryMs = 100;
const mostShrink = 0.5;
const growth = 2;

/**
 * The number of calls that one tenant may run at once while other tenants run calls too. It follows the duration of the
 * ledger's commits. Commits pass through all shared parts (this process, the database, the machine) and through no
 * provider.
 *
 * - TC1: the cap shrinks while commits are slow, so the calls of other tenants stay fast in a flood (I11).
 * - TC2: the cap grows back while commits are not slow. A slow provider alone never shrinks it.
 */
export class TenantConcurrencyCap {
  readonly #options: Required<TenantConcurrencyCapOptions>;
  #cap: number;
  #averageMs: number | undefined;
  #quietMs = 0;
  #adjustedAtMs = -Infinity;

  constructor(options: TenantConcurrencyCapOptions) {
    this.#options = { least: 16, ...options };
    this.#cap = options.most;
  }

  get value(): number {
    return Math.floor(this.#cap);
  }

  /** Notes the duration of one commit, from its request on. */
  observe(tookMs: number): void {
    const { least, most, clock } = this.#options;
    const before = this.#averageMs;
    const averageMs = before === undefined ? tookMs : before + (tookMs - before) * newest;
    this.#averageMs = averageMs;
    this.#quietMs = before === undefined ? tookMs : Math.min(averageMs, this.#quietMs);
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#adjustedAtMs < adjustEveryMs) return;
    this.#adjustedAtMs = nowMs;
    this.#quietMs += (averageMs - this.#quietMs) * drift;
    const slowMs = slowRatio * this.#quietMs + slackMs;
    this.#cap =
      averageMs > slowMs
        ? Math.max(least, this.#cap * Math.max(mostShrink, slowMs / averageMs))
        : Math.min(most, this.#cap + growth);
  }
}

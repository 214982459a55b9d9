import type { Clock } from '@action-mesh/kernel';

export interface TenantConcurrencyCapOptions {
  /** The highest cap, where nothing is slow. */
  readonly most: number;
  /** The lowest, however slow everything is. @default 16 */
  readonly least?: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Weight of the newest commit in the average. */
const newest = 1 / 16;
/** Commits are slow when they take longer than this many times what they take in quiet times, and a little. */
const slowRatio = 2;
const slackMs = 4;
/** How far, at each adjustment, what counts as quiet follows a machine that has become slower for good. */
const drift = 1 / 1_000;
const adjustEveryMs = 100;
const mostShrink = 0.5;
const growth = 2;

/**
 * How many calls one tenant may run at once while others are there too, learned from how long the ledger's commits take: they
 * pass through everything that calls share, this process, the database and the machine, and nothing of a provider's.
 *
 * - TC1: it shrinks while commits are slow, so that a flood of one tenant leaves the others' calls their pace (I11).
 * - TC2: it grows back while they are not: a slow provider alone never shrinks it.
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

  /** A commit took so long, from when it was asked for. */
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

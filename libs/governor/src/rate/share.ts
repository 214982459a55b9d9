import type { Rate } from './gcra.js';

/** A limit in the form of a bucket. */
export interface LimitRate extends Rate {
  readonly limit: number;
  readonly windowUs: number;
}

/**
 * The share of one of `instances` that cannot count together. All shares together stay within `limit + burst` in any
 * half-open window (I10). `undefined`: there are more instances than requests to divide, so none may let any through.
 */
export function shareOf(rate: LimitRate, instances: number): Rate | undefined {
  if (instances <= 1) return rate;
  const perWindow = Math.floor((rate.limit + rate.burst) / instances);
  if (perWindow < 1) return undefined;
  const intervalUs = rate.intervalUs * instances;
  const burst = Math.floor(rate.burst / instances);
  if (burst >= 1) return { intervalUs, burst };
  // A bucket holds at least one token. Longer intervals make up for the part of that token above the share.
  return { intervalUs: Math.max(intervalUs, Math.ceil(rate.windowUs / perWindow)), burst: 1 };
}

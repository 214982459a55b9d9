import type { Rate } from './gcra.js';

/** A limit in the form in which it is enforced. */
export interface LimitRate extends Rate {
  readonly limit: number;
  readonly windowUs: number;
}

/**
 * What one of `instances` enforces by itself when they cannot count together, so that all of them stay within
 * `limit + burst` in any window, half-open (I10). `undefined`: there are more instances than requests to divide, and
 * none of them may let any through.
 */
export function shareOf(rate: LimitRate, instances: number): Rate | undefined {
  if (instances <= 1) return rate;
  const perWindow = Math.floor((rate.limit + rate.burst) / instances);
  if (perWindow < 1) return undefined;
  const intervalUs = rate.intervalUs * instances;
  const burst = Math.floor(rate.burst / instances);
  if (burst >= 1) return { intervalUs, burst };
  // A bucket holds one token at least, so the intervals have to make up for what that is too much.
  return { intervalUs: Math.max(intervalUs, Math.ceil(rate.windowUs / perWindow)), burst: 1 };
}

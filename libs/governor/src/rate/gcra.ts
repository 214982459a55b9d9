/**
 * The generic cell rate algorithm: a bucket of `burst` tokens that gains one every `intervalUs`. One number holds its state,
 * the theoretical arrival time (TAT): the moment at which the bucket would be full again.
 *
 * - GC1: in any time t, at most `burst + t / intervalUs` tokens are taken and not returned.
 * - GC2: a return never creates more room than its taking used. A token that has refilled since is not returned a second
 *   time. An exact rule would need every later taking; the two extra numbers return as much as is certain.
 */

/** The speed at which a bucket refills, and its size. */
export interface Rate {
  readonly intervalUs: number;
  /** Tokens; at least 1. */
  readonly burst: number;
}

export interface Bucket {
  readonly tatUs: number;
  /** The last moment at which the bucket was full. */
  readonly sinceUs: number;
  /** The shortest remaining time to full since then. At least so much is still missing. */
  readonly slackUs: number;
}

export type Taking =
  | { readonly taken: true; readonly bucket: Bucket }
  /** The wait until a token is there. */
  | { readonly taken: false; readonly waitUs: number };

/** Takes `cost` tokens, or returns the wait until they have refilled. A missing bucket is full. */
export function take(bucket: Bucket | undefined, rate: Rate, nowUs: number, cost = 1): Taking {
  const waitUs = Math.max(bucket?.tatUs ?? 0, nowUs) + (cost - rate.burst) * rate.intervalUs - nowUs;
  if (waitUs > 0) return { taken: false, waitUs };
  return { taken: true, bucket: charge(bucket, rate, nowUs, cost) };
}

/** Takes tokens even if they are missing: the bucket can fall below empty. */
export function charge(bucket: Bucket | undefined, rate: Rate, nowUs: number, cost: number): Bucket {
  const spentUs = cost * rate.intervalUs;
  if (bucket === undefined || bucket.tatUs <= nowUs) {
    return { tatUs: nowUs + spentUs, sinceUs: nowUs, slackUs: Infinity };
  }
  const { tatUs, sinceUs, slackUs } = bucket;
  return { tatUs: tatUs + spentUs, sinceUs, slackUs: Math.min(slackUs, tatUs - nowUs) };
}

/** Returns tokens that were taken at `takenAtUs` and not used (GC2). */
export function giveBack(
  bucket: Bucket,
  rate: Rate,
  { nowUs, takenAtUs, cost = 1 }: { nowUs: number; takenAtUs: number; cost?: number },
): Bucket {
  if (takenAtUs < bucket.sinceUs) return bucket;
  const { tatUs, sinceUs, slackUs } = bucket;
  const backUs = Math.max(0, Math.min(cost * rate.intervalUs, slackUs, tatUs - nowUs));
  return { tatUs: tatUs - backUs, sinceUs, slackUs: slackUs - backUs };
}

/** A bucket without tokens. */
export function emptyBucket(rate: Rate, nowUs: number): Bucket {
  return { tatUs: nowUs + rate.burst * rate.intervalUs, sinceUs: nowUs, slackUs: Infinity };
}

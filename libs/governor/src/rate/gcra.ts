/**
 * The generic cell rate algorithm: a bucket of `burst` tokens that gains one every `intervalUs`, kept as one number, the
 * theoretical arrival time (TAT): when the bucket would be full again.
 *
 * - GC1: in any time t, what was taken and not given back is at most `burst + t / intervalUs`.
 * - GC2: giving back never makes room that the taking had not used up: a token that has grown again since is not given
 *   twice. Exactness would need every taking since; the two extra numbers give back as much as is certain.
 */

/** How fast a bucket refills and how much it holds. */
export interface Rate {
  readonly intervalUs: number;
  /** Tokens; at least 1. */
  readonly burst: number;
}

export interface Bucket {
  readonly tatUs: number;
  /** When the bucket was last seen full. */
  readonly sinceUs: number;
  /** How near it came to being full since, as time: what is certainly still missing. */
  readonly slackUs: number;
}

export type Taking =
  | { readonly taken: true; readonly bucket: Bucket }
  /** When a token will be there. */
  | { readonly taken: false; readonly waitUs: number };

/** Takes `cost` tokens, or says how long they take to grow. A bucket that is not there is full. */
export function take(bucket: Bucket | undefined, rate: Rate, nowUs: number, cost = 1): Taking {
  const waitUs = Math.max(bucket?.tatUs ?? 0, nowUs) + (cost - rate.burst) * rate.intervalUs - nowUs;
  if (waitUs > 0) return { taken: false, waitUs };
  return { taken: true, bucket: charge(bucket, rate, nowUs, cost) };
}

/** Takes tokens that may not be there: the bucket can end up below empty. */
export function charge(bucket: Bucket | undefined, rate: Rate, nowUs: number, cost: number): Bucket {
  const spentUs = cost * rate.intervalUs;
  if (bucket === undefined || bucket.tatUs <= nowUs) {
    return { tatUs: nowUs + spentUs, sinceUs: nowUs, slackUs: Infinity };
  }
  const { tatUs, sinceUs, slackUs } = bucket;
  return { tatUs: tatUs + spentUs, sinceUs, slackUs: Math.min(slackUs, tatUs - nowUs) };
}

/** Gives back what was taken at `takenAtUs` and not used (GC2). */
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

/** A bucket with nothing in it. */
export function emptyBucket(rate: Rate, nowUs: number): Bucket {
  return { tatUs: nowUs + rate.burst * rate.intervalUs, sinceUs: nowUs, slackUs: Infinity };
}

import { createHash } from 'node:crypto';

import type { RefreshTraits } from '@action-mesh/providers';

import type { StoredConnection } from './stored-connection.js';

const shortestCoolDownMs = 30_000;
const longestCoolDownMs = 15 * 60_000;
const longestRetryAfterMs = 24 * 3_600_000;

/** Milliseconds until the next request after failures in a row. A provider that asks for more gets it. */
export function coolDownMs(failures: number, retryAfterMs = 0): number {
  const ownMs = Math.min(longestCoolDownMs, shortestCoolDownMs * 2 ** Math.max(0, failures - 1));
  return Math.round(Math.max(ownMs, Math.min(retryAfterMs, longestRetryAfterMs)));
}

/** The digest of a refresh token in the intent of a refresh. */
export function tokenDigest(refreshToken: string): Buffer {
  return createHash('sha256').update(refreshToken).digest();
}

/** Whether an earlier request sent the refresh token of a connection, with an unknown result. */
export function isRepetition({ intent }: Pick<StoredConnection, 'intent'>, digest: Buffer): boolean {
  return intent?.digest.equals(digest) === true;
}

/**
 * The time from which a refresh token may be sent. A token that was never sent may leave at once, and so may one that the
 * provider accepts several times. Otherwise one repetition follows at once: the process of the first may have died before
 * its request left. Each further one waits longer, since only the provider knows whether the token is used up.
 */
export function sendableAtMs(
  connection: Pick<StoredConnection, 'intent'>,
  digest: Buffer,
  { rotates, reuseLeewayMs }: Pick<RefreshTraits, 'rotates' | 'reuseLeewayMs'>,
  nowMs: number,
): number {
  const { intent } = connection;
  if (intent === undefined || !isRepetition(connection, digest) || rotates === 'never') return nowMs;
  const isWithinLeeway = nowMs < intent.atMs + reuseLeewayMs;
  return isWithinLeeway || intent.count < 2 ? nowMs : intent.atMs + coolDownMs(intent.count - 1);
}

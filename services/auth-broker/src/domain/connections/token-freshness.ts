import { createHash } from 'node:crypto';

import type { RefreshTraits } from '@action-mesh/providers';

import type { StoredConnection } from './stored-connection.js';

const shortestMarginMs = 30_000;
const longestMarginMs = 5 * 60_000;
const shareOfLife = 0.1;
/** A token that lives for less than a minute would be due from its beginning, so each request would refresh it. */
const mostOfLife = 0.4;
/** A refresh that ends the former access token ends calls under way. So it comes as late as a request may take. */
const endingMarginMs = 5_000;
const jitterShare = 0.2;
/** A credential of this age or less is a fresh one. When the provider refuses it, another refresh would not help. */
export const freshCredentialMs = 60_000;

/** `due`: a refresh should come before its use. `ended`: the provider does not accept it any more. */
export type Freshness = 'fresh' | 'due' | 'ended';

/** Judges an access token. Without a known end it stays fresh: only a refused request shows its end. */
export function freshnessOf(
  connection: Pick<StoredConnection, 'id' | 'version' | 'expiresAtMs' | 'issuedAtMs'>,
  traits: Pick<RefreshTraits, 'endsAccessToken'>,
  nowMs: number,
): Freshness {
  const { expiresAtMs } = connection;
  if (expiresAtMs === undefined) return 'fresh';
  if (expiresAtMs <= nowMs) return 'ended';
  return expiresAtMs - refreshMarginMs(connection, traits) <= nowMs ? 'due' : 'fresh';
}

/**
 * The time before its end at which a token is refreshed: 10 % of its life, at least 30 s and at most 5 min, but never more
 * than 40 % of its life. Up to a fifth comes on top. The addition is the same for one version everywhere, and differs between connections.
 */
export function refreshMarginMs(
  {
    id,
    version,
    expiresAtMs = 0,
    issuedAtMs = expiresAtMs,
  }: Pick<StoredConnection, 'id' | 'version' | 'expiresAtMs' | 'issuedAtMs'>,
  { endsAccessToken }: Pick<RefreshTraits, 'endsAccessToken'>,
): number {
  if (endsAccessToken) return endingMarginMs;
  const lifeMs = expiresAtMs - issuedAtMs;
  const usualMs = Math.min(longestMarginMs, Math.max(shortestMarginMs, shareOfLife * lifeMs));
  const marginMs = Math.min(usualMs, mostOfLife * lifeMs);
  const [byte = 0] = createHash('sha256').update(`${id} ${version}`).digest();
  return Math.round(marginMs * (1 + (jitterShare * byte) / 255));
}

/** When the user has to connect again at the latest. Undefined: the provider sets no end, or does not tell it. */
export function reconnectByMs(
  { refreshExpiresAtMs, consentedAtMs }: Pick<StoredConnection, 'refreshExpiresAtMs' | 'consentedAtMs'>,
  { absoluteMs, rotates }: Pick<RefreshTraits, 'absoluteMs' | 'rotates'>,
): number | undefined {
  const ends = [
    // A rotating refresh token gets a new end with each refresh, so its end is no end of the grant.
    ...(refreshExpiresAtMs === undefined || rotates !== 'never' ? [] : [refreshExpiresAtMs]),
    ...(absoluteMs === undefined ? [] : [consentedAtMs + absoluteMs]),
  ];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

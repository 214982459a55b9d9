import { defined } from '@action-mesh/kernel';

import type { StoredCredential } from '../../domain/connections/credential.js';
import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import type { SecretOwner } from '../connections/vault.port.js';
import type { ConnectParts } from './connect-parts.js';
import type { SessionChange, StoredSession } from './connect-session-store.port.js';

/** The time in which one completion stores its connection, milliseconds. Others meanwhile get `busy`. */
const claimMs = 30_000;

/** `busy`: another request completes the session, or the session is over. */
export type CredentialSettlement =
  | { readonly kind: 'connected'; readonly connectionId: string }
  | { readonly kind: 'busy' | 'other_account' | 'unknown_connection' | 'integration_gone' };

/** The owner of the secrets of a session. */
export function secretOwnerOf({ tenantId, userId, provider, publicId }: ConnectSession): SecretOwner {
  return { tenantId, userId, provider, id: publicId };
}

/**
 * Makes the connection of a session from the credential that waits in it.
 *
 * - CF3: one session makes at most one connection, also when two completions come at once.
 */
export function settleCredential(parts: ConnectParts, stored: StoredSession): Promise<CredentialSettlement> {
  return parts.watch.step('save', stored.session, () => settle(parts, stored));
}

async function settle(
  { sessions, vault, saveConnection, clock }: ConnectParts,
  { session, pending }: StoredSession,
): Promise<CredentialSettlement> {
  const nowMs = clock.now();
  const { publicId, details = {} } = session;
  const isClaimed = await sessions.change(
    publicId,
    { status: ['returned'], unclaimedAtMs: nowMs, liveAtMs: nowMs },
    { claimedUntilMs: nowMs + claimMs },
  );
  if (!isClaimed || pending === undefined) return { kind: 'busy' };
  const finish = (change: SessionChange): Promise<boolean> =>
    sessions.change(publicId, { status: ['returned'] }, { ...change, claimedUntilMs: null });
  try {
    const credential = JSON.parse(
      await vault.open(secretOwnerOf(session), 'pending', pending),
    ) as StoredCredential;
    const saved = await saveConnection.run({
      tenantId: session.tenantId,
      userId: session.userId,
      integration: session.integration,
      provider: session.provider,
      credential,
      allowOtherAccount: session.allowOtherAccount,
      ...defined({
        account: details.account,
        baseUrl: details.baseUrl,
        scopes: details.scopes,
        label: session.label,
        connectionId: session.connectionId,
        expiresInMs: leftMs(details.expiresAtMs, nowMs),
        refreshExpiresInMs: leftMs(details.refreshExpiresAtMs, nowMs),
      }),
    });
    if (saved.kind !== 'saved') {
      // The credential stays until the sweep has revoked it at the provider.
      await finish({ status: 'failed', error: saved.kind });
      return { kind: saved.kind };
    }
    await finish({ status: 'completed', connectionId: saved.connectionId, pending: null, error: null });
    return { kind: 'connected', connectionId: saved.connectionId };
  } catch (error) {
    await finish({});
    throw error;
  }
}

function leftMs(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}

import { defined, type TraceContext } from '@action-mesh/kernel';
import { refreshTraits } from '@action-mesh/providers';

import { authBrokerPoints, type PointConnection } from '../../domain/diagnostics.js';
import type { IssuedTokens, StoredCredential } from '../../domain/connections/credential.js';
import { coolDownMs, isRepetition, tokenDigest } from '../../domain/connections/refresh-rules.js';
import { renewedCredential } from '../../domain/connections/renewed-credential.js';
import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { TokenFailure, TokenResult } from '../../domain/connections/token-failure.js';
import type { ConnectionStore } from './connection-store.port.js';
import type { IntegrationBreaker } from './integration-breaker.js';
import type { KnownIntegration } from './integrations.port.js';
import type { OAuthClient } from './oauth-client.port.js';
import type { PersistCredential } from './persist-credential.js';
import type { RefreshResult } from './refresh-result.js';
import type { RefreshLease, RefreshStore } from './refresh-store.port.js';
import { ownerOf, type Vault } from './vault.port.js';

/** Failures of settings and of the egress policy. Another client id or secret would not help. */
const ofTenant: ReadonlySet<string> = new Set(['egress_denied', 'foreign_host', 'invalid_settings']);

/** A refresh under its lease. */
export interface HeldRefresh {
  readonly lease: RefreshLease;
  /** The connection as it was before the lease. Its intent shows an earlier request with an unknown end. */
  readonly before: StoredConnection;
  readonly credential: StoredCredential;
  readonly integration: KnownIntegration;
  /** The span that waits for the refresh. */
  readonly trace?: TraceContext | undefined;
}

interface RedeemRefreshParts {
  readonly connections: ConnectionStore;
  readonly refreshes: RefreshStore;
  readonly vault: Vault;
  readonly oauth: Pick<OAuthClient, 'refresh' | 'clientCredentials'>;
  readonly persist: PersistCredential;
  readonly breaker: IntegrationBreaker;
  /** Called with codes that the mesh does not know, for an operator. */
  readonly onUnknown: (connectionId: string, code: string, trace: TraceContext | undefined) => void;
}

/** Sends one request for new tokens under a lease, and stores its result (RF4 to RF8). */
export class RedeemRefresh {
  readonly #parts: RedeemRefreshParts;

  constructor(parts: RedeemRefreshParts) {
    this.#parts = parts;
  }

  async run(held: HeldRefresh): Promise<RefreshResult> {
    const { vault, breaker, persist } = this.#parts;
    const { lease, credential, integration } = held;
    const point = (): PointConnection => ({
      connectionId: lease.connection.id,
      version: lease.connection.version,
    });
    authBrokerPoints.after_lease.publish(point);
    // An earlier request has an unknown end. Its holder may have left the answer in the side table.
    const orphan = held.before.intent === undefined ? undefined : await this.#adoptOrphan(held);
    if (orphan !== undefined) return orphan;
    const pausedMs = await breaker.enter(integration);
    if (pausedMs > 0) {
      await this.#parts.refreshes.release(lease);
      return { kind: 'broken', code: 'integration_broken', retryAfterMs: pausedMs };
    }
    try {
      // The vault must be able to seal before the provider uses up the refresh token.
      await vault.seal(ownerOf(lease.connection), 'credential', '');
      authBrokerPoints.before_refresh_request.publish(point);
      const result = await this.#request(held);
      authBrokerPoints.after_refresh_response.publish(point);
      if (!result.ok) return await this.#failed(held, result.failure);
      const issued = result.value;
      const stored = await persist.run(lease, {
        credential: renewedCredential(credential, issued),
        ...lifeOf(issued, integration),
      });
      if (integration.broken !== undefined) await breaker.works(integration);
      return stored;
    } finally {
      breaker.leave(integration);
    }
  }

  #request({ lease, credential, integration }: HeldRefresh): Promise<TokenResult<IssuedTokens>> {
    const { oauth } = this.#parts;
    if (credential.kind === 'client_credentials') return oauth.clientCredentials(integration, credential);
    if (credential.kind === 'oauth2' && credential.refreshToken !== undefined)
      return oauth.refresh(integration, credential.refreshToken, lease.connection.scopes);
    throw new Error('the credential cannot be refreshed');
  }

  async #failed(held: HeldRefresh, failure: TokenFailure): Promise<RefreshResult> {
    const { breaker, onUnknown } = this.#parts;
    const { lease, credential, integration } = held;
    const { code, kind, certainlyNotProcessed } = failure;
    if (kind === 'unknown') onUnknown(lease.connection.id, code, held.trace);
    // The user entered this client id and secret, so the user repairs them, and not the tenant.
    const isUsersClient =
      credential.kind === 'client_credentials' && kind === 'client' && !ofTenant.has(code);
    if (kind === 'permanent' || isUsersClient) return this.#refused(held, code);
    if (kind === 'client') {
      const retryAfterMs = await breaker.refused(integration, code, failure.retryAfterMs);
      await this.#fail(held, { code, keepsIntent: !certainlyNotProcessed });
      return { kind: 'broken', code, retryAfterMs };
    }
    const retryAfterMs = coolDownMs(lease.connection.failures + 1, failure.retryAfterMs);
    await this.#fail(held, { code, coolDownMs: retryAfterMs, keepsIntent: !certainlyNotProcessed });
    return { kind: 'unavailable', code, retryAfterMs };
  }

  /** The provider refused the grant. It is gone only if no broker has stored or left a newer credential (RF6). */
  async #refused(held: HeldRefresh, code: string): Promise<RefreshResult> {
    const { connections, refreshes } = this.#parts;
    const { connection } = held.lease;
    const now = await connections.find(connection.tenantId, connection.id);
    if (now === undefined || now.state === 'revoking' || now.state === 'revoked') return { kind: 'gone' };
    if (now.version > connection.version) return { kind: 'refreshed', connection: now };
    const adopted = await this.#adoptOrphan(held);
    if (adopted !== undefined) return adopted;
    await refreshes.giveUp(held.lease, isLost(held) ? 'rotation_lost' : 'refused', code);
    const after = await connections.find(connection.tenantId, connection.id);
    if (after === undefined) return { kind: 'gone' };
    return after.version > connection.version
      ? { kind: 'refreshed', connection: after }
      : { kind: 'needs_reauth', connection: after };
  }

  async #adoptOrphan({ lease }: HeldRefresh): Promise<RefreshResult | undefined> {
    const { refreshes, vault, persist } = this.#parts;
    const sealed = await refreshes.orphan(lease);
    if (sealed === undefined) return undefined;
    const text = await vault.open(ownerOf(lease.connection), 'orphan', sealed);
    // The end is unknown. A short life makes the next use refresh it.
    return persist.run(lease, { credential: JSON.parse(text) as StoredCredential, expiresInMs: 1_000 });
  }

  #fail(held: HeldRefresh, failed: Parameters<RefreshStore['fail']>[1]): Promise<void> {
    return this.#parts.refreshes.fail(held.lease, failed);
  }
}

/** Whether an earlier request with the same refresh token may have got the answer that is missing (RF7). */
function isLost({ before, credential, integration }: HeldRefresh): boolean {
  if (credential.kind !== 'oauth2' || credential.refreshToken === undefined) return false;
  return (
    refreshTraits(integration.provider).rotates !== 'never' &&
    isRepetition(before, tokenDigest(credential.refreshToken))
  );
}

function lifeOf(
  issued: IssuedTokens,
  { provider }: KnownIntegration,
): {
  readonly expiresInMs?: number;
  readonly refreshExpiresInMs?: number;
  readonly scopes?: readonly string[];
} {
  return defined({
    expiresInMs: issued.expiresInMs ?? refreshTraits(provider).accessTokenMs,
    refreshExpiresInMs: issued.refreshExpiresInMs,
    scopes: issued.scopes,
  });
}

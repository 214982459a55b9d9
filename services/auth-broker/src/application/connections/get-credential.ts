import { missingScopes, type LeaseAnswer } from '@action-mesh/connections';
import { systemClock, type Clock, type TraceContext } from '@action-mesh/kernel';
import { expandScopes, ProviderError, refreshTraits } from '@action-mesh/providers';

import type { StoredCredential } from '../../domain/connections/credential.js';
import { leasedCredential } from '../../domain/connections/leased-credential.js';
import { isKnownConnection, type StoredConnection } from '../../domain/connections/stored-connection.js';
import { freshCredentialMs, freshnessOf } from '../../domain/connections/token-freshness.js';
import type { ConnectionStore } from './connection-store.port.js';
import type { KnownIntegration, Integrations } from './integrations.port.js';
import type { CredentialRequest, LeaseRefusals } from './lease-refusals.js';
import type { RefreshConnection } from './refresh-connection.js';
import type { RefreshResult } from './refresh-result.js';
import type { RefreshStore } from './refresh-store.port.js';
import { ownerOf, type Vault } from './vault.port.js';

interface GetCredentialParts {
  readonly connections: ConnectionStore;
  readonly refreshes: RefreshStore;
  readonly integrations: Integrations;
  readonly vault: Vault;
  readonly refresh: RefreshConnection;
  readonly refusals: LeaseRefusals;
  /** Called for each answer with a credential. */
  readonly onUse: (connectionId: string) => void;
  readonly onError: (error: unknown, trace: TraceContext | undefined, callId: string | undefined) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** One request with everything that is known about it. */
interface Wanted {
  readonly request: CredentialRequest;
  readonly integration: KnownIntegration;
  readonly connection: StoredConnection;
  readonly credential: StoredCredential;
  readonly trace: TraceContext | undefined;
}

/**
 * Answers a request for the credential of a connection. It reads once when the credential is fresh, and refreshes it
 * otherwise.
 *
 * - GC3: a request gets a connection of its own tenant, user and integration, by its id or as the user's default. It never
 *   gets the latest one, or any other.
 */
export class GetCredential {
  readonly #parts: GetCredentialParts;
  readonly #clock: Clock;

  constructor(parts: GetCredentialParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /** Never rejects: each failure is a refusal. `trace`: the span that waits for the answer. */
  async run(request: CredentialRequest, trace?: TraceContext): Promise<LeaseAnswer> {
    const { refusals, onError } = this.#parts;
    try {
      return await this.#answer(request, trace);
    } catch (error) {
      onError(error, trace, request.call_id);
      // Other errors hold texts of the database or of the stored secret. The log has them.
      const why =
        error instanceof ProviderError ? error.message : 'the log of the auth broker has the reason';
      return refusals.unavailable(`the credential cannot be read: ${why}`, 5_000);
    }
  }

  async #answer(request: CredentialRequest, trace: TraceContext | undefined): Promise<LeaseAnswer> {
    const { integrations, refusals, vault } = this.#parts;
    const [integration, connection] = await Promise.all([
      integrations.find(request.tenant_id, request.integration),
      this.#connectionOf(request),
    ]);
    if (integration === undefined) return refusals.noIntegration(request);
    if (connection?.sealed === undefined) return refusals.noConnection(request);
    // The hosts of one provider must not get a credential of another one.
    if (connection.provider !== integration.provider.id) return refusals.noConnection(request);
    if (connection.state === 'needs_reauth') return refusals.needsReauth(request, connection);
    const granted = expandScopes(integration.provider, connection.scopes);
    const missing = missingScopes(request.scopes ?? [], granted);
    if (missing.length > 0) return refusals.missingScopes(request, connection, missing);
    const text = await vault.open(ownerOf(connection), 'credential', connection.sealed);
    const credential = JSON.parse(text) as StoredCredential;
    return this.#fresh({ request, integration, connection, credential, trace });
  }

  async #connectionOf(request: CredentialRequest): Promise<StoredConnection | undefined> {
    const { connections } = this.#parts;
    const { tenant_id: tenantId, user_id: userId, integration, connection_id: id } = request;
    if (id === undefined) return connections.findDefault({ tenantId, userId, integration });
    const found = await connections.find(tenantId, id);
    const isTheirs = found?.userId === userId && found.integration === integration;
    return isTheirs && isKnownConnection(found) ? found : undefined;
  }

  async #fresh(wanted: Wanted): Promise<LeaseAnswer> {
    const { request, integration, connection, credential, trace } = wanted;
    const { refusals } = this.#parts;
    const isRefused = request.not_version === connection.version;
    if (!canRefresh(credential)) return this.#fixed(wanted, isRefused);
    const traits = refreshTraits(integration.provider);
    const freshness = freshnessOf(connection, traits, connection.readAtMs);
    if (!isRefused && freshness === 'fresh') return this.#lease(wanted);
    const { issuedAtMs = 0, readAtMs, refreshExpiresAtMs = Infinity } = connection;
    // The provider refused a credential that it has just issued (RF11).
    if (isRefused && freshness === 'fresh' && readAtMs - issuedAtMs <= freshCredentialMs)
      return refusals.rejected(connection);
    const isServable = !isRefused && freshness === 'due';
    if (refreshExpiresAtMs <= readAtMs) return isServable ? this.#lease(wanted) : this.#expired(wanted);
    const { broken } = integration;
    if (broken !== undefined && broken.retryAtMs > this.#clock.now())
      return isServable
        ? this.#lease(wanted)
        : refusals.integrationBroken(broken.retryAtMs - this.#clock.now());
    const result = await this.#parts.refresh.run({ connection, credential }, integration, trace);
    return this.#refreshed(wanted, result, isServable);
  }

  /** A credential that nothing can refresh: entered fields, or a token without a refresh token. */
  async #fixed(wanted: Wanted, isRefused: boolean): Promise<LeaseAnswer> {
    const { connection } = wanted;
    const { expiresAtMs = Infinity, readAtMs } = connection;
    if (expiresAtMs <= readAtMs) return this.#expired(wanted);
    return isRefused ? this.#askUser(wanted, 'credential_rejected') : this.#lease(wanted);
  }

  #expired(wanted: Wanted): Promise<LeaseAnswer> {
    return this.#askUser(wanted, 'expired');
  }

  async #askUser(
    { request, connection }: Wanted,
    reason: 'expired' | 'credential_rejected',
  ): Promise<LeaseAnswer> {
    const { refreshes, refusals } = this.#parts;
    const isOurs = await refreshes.requireReauth(connection, reason);
    // A change has just come between. The next request reads the new state.
    return isOurs
      ? refusals.needsReauth(request, connection)
      : refusals.unavailable('the connection has just changed', 500);
  }

  async #refreshed(wanted: Wanted, result: RefreshResult, isServable: boolean): Promise<LeaseAnswer> {
    const { refusals, vault } = this.#parts;
    const { request } = wanted;
    if (result.kind === 'refreshed') {
      const { connection } = result;
      if (connection.sealed === undefined) return refusals.noConnection(request);
      const text = await vault.open(ownerOf(connection), 'credential', connection.sealed);
      return this.#lease({ ...wanted, connection, credential: JSON.parse(text) as StoredCredential });
    }
    if (result.kind === 'gone') return refusals.noConnection(request);
    if (result.kind === 'needs_reauth') return refusals.needsReauth(request, result.connection);
    if (isServable) return this.#lease(wanted);
    return result.kind === 'broken'
      ? refusals.integrationBroken(result.retryAfterMs)
      : refusals.unavailable(`the refresh of the credential failed: ${result.code}`, result.retryAfterMs);
  }

  #lease({ integration, connection, credential }: Wanted): LeaseAnswer {
    this.#parts.onUse(connection.id);
    return { credential: leasedCredential(integration, connection, credential) };
  }
}

function canRefresh(credential: StoredCredential): boolean {
  return (
    credential.kind === 'client_credentials' ||
    (credential.kind === 'oauth2' && credential.refreshToken !== undefined)
  );
}

import type { InternalCaller } from '@action-mesh/contracts';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { requireKeyAdministration, requireScopes } from '../domain/rights.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';

/**
 * Revokes a key for ever. The caller needs `keys:admin` and not the scopes of the key, so an owner can end any key of
 * its tenant at once. The exception is a key of the platform (AB3).
 *
 * Nothing protects the last key of a tenant: a leaked key must end now. The platform creates another key for the tenant,
 * and `AUTH_BROKER_PLATFORM_KEY` sets another key for the platform.
 */
export class RevokeKey {
  readonly #store: ApiKeyStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: ApiKeyStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, tenantId: string, id: string): Promise<void> {
    requireKeyAdministration(caller, tenantId);
    const atMs = this.#clock.now();
    const key = await this.#store.find(tenantId, id, atMs);
    if (key === undefined) throw new UnknownIdentityError('key');
    if (key.role === 'platform') requireScopes(caller, ['tenants:admin'], 'the end of a key of the platform');
    const isRevoked = await this.#store.revoke(tenantId, id, { holder: caller.holder, atMs });
    if (!isRevoked) throw new UnknownIdentityError('key');
    await this.#publishIdentities.soon();
  }
}

import type { InternalCaller } from '@action-mesh/contracts';
import type { TenantView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { requireScopes } from '../domain/rights.js';
import { readTenantSettings } from '../domain/tenant-settings.js';
import type { PublishIdentities } from './publish-identities.js';
import type { ReadJwkSets } from './read-jwk-sets.js';
import type { ShowTenant } from './show-tenant.js';
import type { TenantStore } from './tenant-store.port.js';
import { waitAtMost } from './wait-at-most.js';

/** The longest time for which an answer waits for JWK sets, milliseconds. */
const readWithinMs = 1_500;

/**
 * Creates a tenant, or replaces its settings. A removed tenant returns with its data and without its former keys. The
 * answer comes after the first reading of new JWK sets, unless that takes longer than 1.5 s.
 */
export class PutTenant {
  readonly #store: TenantStore;
  readonly #readJwkSets: ReadJwkSets;
  readonly #publishIdentities: PublishIdentities;
  readonly #showTenant: ShowTenant;
  readonly #clock: Clock;

  constructor(
    store: TenantStore,
    readJwkSets: ReadJwkSets,
    publishIdentities: PublishIdentities,
    showTenant: ShowTenant,
    clock: Clock = systemClock,
  ) {
    this.#store = store;
    this.#readJwkSets = readJwkSets;
    this.#publishIdentities = publishIdentities;
    this.#showTenant = showTenant;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_INVALID`. */
  async run(caller: InternalCaller, tenantId: string, written: unknown): Promise<TenantView> {
    requireScopes(caller, ['tenants:admin'], 'the administration of tenants');
    const settings = readTenantSettings(tenantId, written);
    await this.#store.put(tenantId, settings, this.#clock.now());
    if (settings.issuers.some((issuer) => 'jwksUrl' in issuer))
      await waitAtMost(readWithinMs, this.#readJwkSets.run(tenantId));
    await this.#publishIdentities.soon();
    return this.#showTenant.run(caller, tenantId);
  }
}

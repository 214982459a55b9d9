import type { InternalCaller } from '@action-mesh/contracts';
import type { TenantView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { requireScopes } from '../domain/rights.js';
import { tenantIdentity, tenantView } from '../domain/stored-tenant.js';
import type { PublishIdentities } from './publish-identities.js';
import type { TenantStore } from './tenant-store.port.js';

/** Lists all tenants of the mesh. */
export class ListTenants {
  readonly #store: TenantStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: TenantStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** By id. Errors: `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller): Promise<TenantView[]> {
    requireScopes(caller, ['tenants:admin'], 'the administration of tenants');
    const tenants = await this.#store.list();
    const isPublished = await this.#publishIdentities.publishedState();
    const nowMs = this.#clock.now();
    return tenants.map((tenant) => tenantView(tenant, nowMs, isPublished(tenantIdentity(tenant, nowMs))));
  }
}

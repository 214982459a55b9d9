import type { InternalCaller } from '@action-mesh/contracts';
import type { TenantView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { requireScopes } from '../domain/rights.js';
import { tenantIdentity, tenantView } from '../domain/stored-tenant.js';
import type { PublishIdentities } from './publish-identities.js';
import type { TenantStore } from './tenant-store.port.js';

/** Shows one tenant. */
export class ShowTenant {
  readonly #store: TenantStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: TenantStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_UNKNOWN`. */
  async run(caller: InternalCaller, tenantId: string): Promise<TenantView> {
    requireScopes(caller, ['tenants:admin'], 'the administration of tenants');
    const tenant = await this.#store.find(tenantId);
    if (tenant === undefined) throw new UnknownIdentityError('tenant');
    const isPublished = await this.#publishIdentities.publishedState();
    const nowMs = this.#clock.now();
    return tenantView(tenant, nowMs, isPublished(tenantIdentity(tenant, nowMs)));
  }
}

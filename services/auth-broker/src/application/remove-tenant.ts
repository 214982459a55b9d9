import type { InternalCaller } from '@action-mesh/contracts';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { IdentityConflictError, UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { requireScopes } from '../domain/rights.js';
import type { PublishIdentities } from './publish-identities.js';
import type { TenantStore } from './tenant-store.port.js';

/** Removes a tenant: revokes its keys for ever, and closes every door to its callers. Its data stay. */
export class RemoveTenant {
  readonly #store: TenantStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: TenantStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_CONFLICT` for the caller's own tenant. */
  async run(caller: InternalCaller, tenantId: string): Promise<void> {
    requireScopes(caller, ['tenants:admin'], 'the administration of tenants');
    if (tenantId === caller.tenantId)
      throw new IdentityConflictError(
        'this is the tenant of your own key, so its removal would end that key',
      );
    const by = { holder: caller.holder, atMs: this.#clock.now() };
    if (!(await this.#store.remove(tenantId, by))) throw new UnknownIdentityError('tenant');
    await this.#publishIdentities.soon();
  }
}

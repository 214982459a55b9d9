import type { InternalCaller } from '@action-mesh/contracts';
import type { KeyView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { requireKeyAdministration } from '../domain/rights.js';
import { keyView } from '../domain/stored-key.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';

/** Lists the keys of a tenant, without their secrets. */
export class ListKeys {
  readonly #store: ApiKeyStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: ApiKeyStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** The oldest first. Errors: `AUTH_BROKER_UNKNOWN` for a foreign tenant, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, tenantId: string): Promise<KeyView[]> {
    requireKeyAdministration(caller, tenantId);
    const keys = await this.#store.list(tenantId, this.#clock.now());
    const isPublished = await this.#publishIdentities.publishedState();
    return keys.map((key) => keyView(key, isPublished(key.identity)));
  }
}

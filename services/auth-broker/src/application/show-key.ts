import type { InternalCaller } from '@action-mesh/contracts';
import type { KeyView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { requireKeyAdministration } from '../domain/rights.js';
import { keyView } from '../domain/stored-key.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';

/** Shows one key, without its secret. */
export class ShowKey {
  readonly #store: ApiKeyStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: ApiKeyStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, tenantId: string, id: string): Promise<KeyView> {
    requireKeyAdministration(caller, tenantId);
    const key = await this.#store.find(tenantId, id, this.#clock.now());
    if (key === undefined) throw new UnknownIdentityError('key');
    const isPublished = await this.#publishIdentities.publishedState();
    return keyView(key, isPublished(key.identity));
  }
}

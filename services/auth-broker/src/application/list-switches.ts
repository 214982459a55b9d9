import type { InternalCaller } from '@action-mesh/contracts';
import type { KillSwitch, SwitchView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { concernsTenant, switchView } from '../domain/stored-switch.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';
import type { SwitchStore } from './switch-store.port.js';

/**
 * Lists the kill switches that are on. A tenant sees its own, and those of the whole mesh that can cover its calls. The
 * platform sees all of the whole mesh.
 */
export class ListSwitches {
  readonly #store: SwitchStore;
  readonly #keys: ApiKeyStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(
    store: SwitchStore,
    keys: ApiKeyStore,
    publishIdentities: PublishIdentities,
    clock: Clock = systemClock,
  ) {
    this.#store = store;
    this.#keys = keys;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** The oldest first. */
  async run(caller: InternalCaller): Promise<SwitchView[]> {
    const visible = await this.visible(caller);
    const isPublished = await this.#publishIdentities.publishedState();
    return visible.map((each) => switchView(each, isPublished(each)));
  }

  /** The switches that the caller may see. */
  async visible(caller: InternalCaller): Promise<readonly KillSwitch[]> {
    const switches = await this.#store.list(caller.tenantId);
    if (caller.scopes.has('tenants:admin')) return switches;
    const namesKeys = switches.some((each) => each.tenant_id === undefined && each.target.type === 'key');
    const keys = namesKeys ? await this.#keys.list(caller.tenantId, this.#clock.now()) : [];
    const ownKeys = new Set(keys.map(({ identity }) => identity.id));
    return switches.filter((each) => concernsTenant(each, caller, ownKeys));
  }
}

import type { InternalCaller } from '@action-mesh/contracts';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { requireScopes } from '../domain/rights.js';
import type { ListSwitches } from './list-switches.js';
import type { PublishIdentities } from './publish-identities.js';
import type { SwitchStore } from './switch-store.port.js';

/** Lifts a kill switch. Calls that it held go on. */
export class LiftSwitch {
  readonly #store: SwitchStore;
  readonly #listSwitches: ListSwitches;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(
    store: SwitchStore,
    listSwitches: ListSwitches,
    publishIdentities: PublishIdentities,
    clock: Clock = systemClock,
  ) {
    this.#store = store;
    this.#listSwitches = listSwitches;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, id: string): Promise<void> {
    requireScopes(caller, ['switches:admin'], 'a kill switch');
    // A switch that the caller cannot see answers as an unknown one.
    const found = (await this.#listSwitches.visible(caller)).find((each) => each.id === id);
    if (found === undefined) throw new UnknownIdentityError('switch');
    if (found.tenant_id === undefined)
      requireScopes(caller, ['tenants:admin'], 'a kill switch of the whole mesh');
    const by = { holder: caller.holder, atMs: this.#clock.now() };
    if (!(await this.#store.lift(id, found.tenant_id, by))) throw new UnknownIdentityError('switch');
    await this.#publishIdentities.soon();
  }
}

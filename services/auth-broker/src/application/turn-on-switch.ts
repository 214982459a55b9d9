import { randomUUID } from 'node:crypto';

import type { InternalCaller } from '@action-mesh/contracts';
import { switchRequestSchema, type SwitchRequest, type SwitchView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { IdentityConflictError, InvalidIdentityError } from '../domain/auth-broker.errors.js';
import { readRequest } from '../domain/request.js';
import { requireScopes } from '../domain/rights.js';
import { switchView } from '../domain/stored-switch.js';
import type { PublishIdentities } from './publish-identities.js';
import type { SwitchStore } from './switch-store.port.js';

/**
 * Turns on a kill switch. A second request for the same target gets the switch that is on, so one lift ends it.
 *
 * - AB8: only a caller with `tenants:admin` turns on or lifts a switch of the whole mesh.
 */
export class TurnOnSwitch {
  readonly #store: SwitchStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #clock: Clock;

  constructor(store: SwitchStore, publishIdentities: PublishIdentities, clock: Clock = systemClock) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_INVALID`, `AUTH_BROKER_CONFLICT` for too many switches. */
  async run(caller: InternalCaller, written: unknown): Promise<SwitchView> {
    requireScopes(caller, ['switches:admin'], 'a kill switch');
    const request = readRequest(switchRequestSchema, written);
    requireReach(caller, request);
    const turnedOn = await this.#store.turnOn({
      kind: 'switch',
      id: randomUUID(),
      ...(request.reach === 'mesh' ? {} : { tenant_id: caller.tenantId }),
      target: request.target,
      reason: request.reason,
      by: caller.holder,
      since: new Date(this.#clock.now()).toISOString(),
    });
    if (turnedOn === 'too_many')
      throw new IdentityConflictError('the tenant has as many switches as it may have; lift some first');
    await this.#publishIdentities.soon();
    const isPublished = await this.#publishIdentities.publishedState();
    return switchView(turnedOn, isPublished(turnedOn));
  }
}

function requireReach(caller: InternalCaller, { target, reach = 'tenant' }: SwitchRequest): void {
  if (reach === 'mesh') {
    requireScopes(caller, ['tenants:admin'], 'a kill switch of the whole mesh');
    if (target.type === 'user')
      throw new InvalidIdentityError([
        { pointer: '/reach', message: 'must be tenant for a user: two tenants may name two people alike' },
      ]);
  } else if (target.type === 'tenant' && target.value !== caller.tenantId) {
    throw new InvalidIdentityError([
      { pointer: '/target/value', message: 'must be your own tenant, unless reach is mesh' },
    ]);
  }
}

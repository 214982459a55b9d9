import { roleScopes, type KeyEnvironment, type KeyUse, type Role } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { BootstrapKeyError } from '../domain/auth-broker.errors.js';
import type { StoredKey } from '../domain/stored-key.js';
import type { Adoption, BootstrapStore } from './bootstrap-store.port.js';

/** A key of the environment, without its text. */
export interface BootstrapKey {
  /** The variable that set it. */
  readonly variable: string;
  readonly use: KeyUse;
  readonly id: string;
  readonly environment: KeyEnvironment;
  readonly digest: string;
}

/** The result for one variable. */
export interface AdoptedKey extends Adoption {
  readonly variable: string;
  readonly id: string;
}

/** The tenant and the holder of the keys of the platform. */
const platformTenant = 'default';
const platformHolder = 'platform';

/**
 * Makes the keys of the environment exist: a key of the platform, and a publisher token.
 *
 * - AB9: a revoked key never opens a door again, also not as the value of a variable.
 */
export class AdoptBootstrapKeys {
  readonly #store: BootstrapStore;
  readonly #clock: Clock;

  constructor(store: BootstrapStore, clock: Clock = systemClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_BOOTSTRAP_KEY`. */
  async run(keys: readonly BootstrapKey[]): Promise<AdoptedKey[]> {
    const adopted: AdoptedKey[] = [];
    for (const key of keys) {
      const adoption = await this.#store.adopt(storedKey(key, this.#clock.now()));
      if (adoption.state === 'other')
        throw new BootstrapKeyError(
          `${key.variable} has the id of another key; npm run new-key makes a fresh one`,
        );
      adopted.push({ variable: key.variable, id: key.id, ...adoption });
    }
    return adopted;
  }
}

function storedKey({ use, id, environment, digest }: BootstrapKey, nowMs: number): StoredKey {
  const role: Role = use === 'api' ? 'platform' : 'agent';
  return {
    role,
    createdAt: new Date(nowMs).toISOString(),
    createdBy: platformHolder,
    identity: {
      kind: 'key',
      id,
      tenant_id: platformTenant,
      use,
      environment,
      digest,
      holder: platformHolder,
      scopes: use === 'api' ? [...roleScopes.platform] : ['calls:write'],
    },
  };
}

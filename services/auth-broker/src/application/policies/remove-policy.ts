import type { InternalCaller } from '@action-mesh/contracts';
import { systemClock, type Clock } from '@action-mesh/kernel';
import { z } from 'zod';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { requireRevision } from '../../domain/policies/policy-changes.js';
import { readRequest } from '../../domain/request.js';
import { requireScopes } from '../../domain/rights.js';
import type { PolicyStore } from './policy-store.port.js';
import type { PublishPolicies } from './publish-policies.js';

const removalSchema = z.object({ revision: z.coerce.number().int().min(1).optional() });

/** Removes a policy of the caller's tenant. */
export class RemovePolicy {
  readonly #store: PolicyStore;
  readonly #publish: PublishPolicies;
  readonly #clock: Clock;

  constructor(store: PolicyStore, publish: PublishPolicies, clock: Clock = systemClock) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_CONFLICT` for another revision, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, id: string, query: unknown): Promise<void> {
    requireScopes(caller, ['policies:admin'], 'the administration of policies');
    const { revision } = readRequest(removalSchema, query);
    const { tenantId, holder } = caller;
    const wasThere = await this.#store.remove(
      { tenantId, id },
      (before) => requireRevision(before, revision),
      { holder, atMs: this.#clock.now() },
    );
    if (!wasThere) throw new UnknownIdentityError('policy');
    await this.#publish.soon();
  }
}

import type { InternalCaller } from '@action-mesh/contracts';
import type { PolicyView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { IdentityConflictError, UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { hasContent, readPolicy, requireRevision } from '../../domain/policies/policy-changes.js';
import { requireScopes } from '../../domain/rights.js';
import type { PolicyStore } from './policy-store.port.js';
import type { PublishPolicies } from './publish-policies.js';

/** Creates or changes a policy of the caller's tenant. */
export class PutPolicy {
  readonly #store: PolicyStore;
  readonly #publish: PublishPolicies;
  readonly #clock: Clock;

  constructor(store: PolicyStore, publish: PublishPolicies, clock: Clock = systemClock) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
  }

  /**
   * Errors: `AUTH_BROKER_INVALID` with every problem, `AUTH_BROKER_CONFLICT` for another revision or too many policies,
   * `AUTH_BROKER_MISSING_RIGHT`.
   */
  async run(caller: InternalCaller, id: string, body: unknown): Promise<PolicyView> {
    requireScopes(caller, ['policies:admin'], 'the administration of policies');
    const { content, readRevision } = readPolicy(id, body);
    const { tenantId, holder } = caller;
    const put = await this.#store.put(
      { tenantId, id },
      (before) => {
        requireRevision(before, readRevision);
        return before !== undefined && hasContent(before, content) ? 'unchanged' : content;
      },
      { holder, atMs: this.#clock.now() },
    );
    if (put === 'no_tenant') throw new UnknownIdentityError('tenant');
    if (put === 'too_many')
      throw new IdentityConflictError('the tenant has as many policies as it may have; remove some first');
    await this.#publish.soon();
    const isPublished = await this.#publish.publishedState();
    return { ...put, published: isPublished(put) };
  }
}

import type { InternalCaller } from '@action-mesh/contracts';
import type { PolicyView } from '@action-mesh/contracts/auth-broker';
import { PolicySet } from '@action-mesh/policies';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { requireScopes } from '../../domain/rights.js';
import type { PolicyStore } from './policy-store.port.js';
import type { PublishPolicies } from './publish-policies.js';

/** Shows the policies of the caller's tenant. */
export class ShowPolicies {
  readonly #store: PolicyStore;
  readonly #publish: PublishPolicies;

  constructor(store: PolicyStore, publish: PublishPolicies) {
    this.#store = store;
    this.#publish = publish;
  }

  /** In the order in which they are tried. Errors: `AUTH_BROKER_MISSING_RIGHT`. */
  async list(caller: InternalCaller): Promise<PolicyView[]> {
    requireScopes(caller, ['calls:read'], 'a list of policies');
    const policies = new PolicySet();
    for (const rule of await this.#store.list(caller.tenantId)) policies.put(rule);
    const isPublished = await this.#publish.publishedState();
    return policies.list(caller.tenantId).map((rule) => ({ ...rule, published: isPublished(rule) }));
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, id: string): Promise<PolicyView> {
    requireScopes(caller, ['calls:read'], 'a policy');
    const found = await this.#store.find({ tenantId: caller.tenantId, id });
    if (found === undefined) throw new UnknownIdentityError('policy');
    const isPublished = await this.#publish.publishedState();
    return { ...found, published: isPublished(found) };
  }
}

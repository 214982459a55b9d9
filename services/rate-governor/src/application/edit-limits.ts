import { limitKey, type LimitPolicy, type LimitView } from '@action-mesh/contracts/rate-governor';

import { checkTenantLimit } from '../domain/check-limit.js';
import { isSameLimit, type WrittenLimit } from '../domain/publication.js';
import { InvalidLimitError, LimitIsCodeError, UnknownLimitError } from '../domain/rate-governor.errors.js';
import type { LimitPolicyStore } from './limit-policy-store.port.js';
import type { LimitTopic } from './limit-topic.port.js';
import type { PublishLimits } from './publish-limits.js';

/**
 * Limits through the API. A stored limit is in force once it is published. The first attempt to publish follows at
 * once, and failed attempts are repeated. An unavailable broker does not keep a tenant from storing a limit.
 *
 * - Q4: a tenant sees its own limits and the operator's limits on its requests, and changes its own alone. It learns
 *   nothing of another tenant's limits: neither that they exist, nor their matches.
 */
export class EditLimits {
  readonly #code: readonly LimitPolicy[];
  readonly #store: LimitPolicyStore;
  readonly #topic: LimitTopic;
  readonly #publishLimits: PublishLimits;

  constructor(
    code: readonly LimitPolicy[],
    store: LimitPolicyStore,
    topic: LimitTopic,
    publishLimits: PublishLimits,
  ) {
    this.#code = code;
    this.#store = store;
    this.#topic = topic;
    this.#publishLimits = publishLimits;
  }

  /** The tenant's own limits come before the operator's if both have the same id. */
  async list(tenantId: string): Promise<LimitView[]> {
    const published = await this.#topic.published();
    const seen = new Map<string, WrittenLimit>();
    const { limits, removed } = await this.#store.of(tenantId);
    const gone = new Set(removed.map((id) => limitKey({ owner: tenantId, id })));
    for (const policy of [...this.#ofOperator(tenantId), ...published.values(), ...limits]) {
      const key = limitKey(policy);
      if (policy.owner === tenantId && !gone.has(key)) seen.set(key, { policy, source: 'api' });
      if (policy.owner === undefined && isAbout(policy, tenantId) && !seen.has(key))
        seen.set(key, { policy, source: 'code' });
    }
    return [...seen.values()]
      .map((limit) => viewOf(limit, published))
      .sort((left, right) => orderOf(left).localeCompare(orderOf(right), 'en'));
  }

  /** Errors: `RATE_GOVERNOR_UNKNOWN_LIMIT`. */
  async find(tenantId: string, id: string): Promise<LimitView> {
    const found = (await this.list(tenantId)).find(({ policy }) => policy.id === id);
    if (found === undefined) throw new UnknownLimitError(id);
    return found;
  }

  /** Adds a limit or replaces it. Errors: `RATE_GOVERNOR_INVALID_LIMIT`, `RATE_GOVERNOR_LIMIT_IS_CODE`. */
  async put(tenantId: string, id: string, written: unknown): Promise<LimitView> {
    const checked = checkTenantLimit(tenantId, written);
    if (!checked.ok) throw new InvalidLimitError(id, checked.problems);
    if (checked.policy.id !== id) {
      throw new InvalidLimitError(id, [{ pointer: '/id', message: 'differs from the id in the path' }]);
    }
    this.#refuseCode(tenantId, id);
    await this.#store.put({ tenantId, id }, checked.policy);
    await this.#publish();
    return this.find(tenantId, id);
  }

  /** Errors: `RATE_GOVERNOR_UNKNOWN_LIMIT`, `RATE_GOVERNOR_LIMIT_IS_CODE`. */
  async remove(tenantId: string, id: string): Promise<void> {
    const { source } = await this.find(tenantId, id);
    if (source === 'code') throw new LimitIsCodeError(id);
    await this.#store.remove({ tenantId, id });
    await this.#publish();
  }

  #refuseCode(tenantId: string, id: string): void {
    if (this.#ofOperator(tenantId).some((policy) => policy.id === id)) throw new LimitIsCodeError(id);
  }

  #ofOperator(tenantId: string): LimitPolicy[] {
    return this.#code.filter((policy) => isAbout(policy, tenantId));
  }

  /** Publishes the limits now. A failure is repeated by the regular run, and `published` shows the current state. */
  async #publish(): Promise<void> {
    await this.#publishLimits.run().catch(() => undefined);
  }
}

function isAbout({ match }: LimitPolicy, tenantId: string): boolean {
  return match.tenant === undefined || match.tenant === tenantId;
}

function viewOf({ policy, source }: WrittenLimit, published: ReadonlyMap<string, LimitPolicy>): LimitView {
  const { owner: _owner, place: _place, ...shown } = policy;
  return { policy: shown, source, published: isSameLimit(policy, published.get(limitKey(policy))) };
}

function orderOf({ policy: { id }, source }: LimitView): string {
  return `${id} ${source}`;
}

import { limitKey, type LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { limitsOfOthers, planLimitPublication, type Publication } from '../domain/publication.js';
import type { LimitPolicyStore } from './limit-policy-store.port.js';
import type { LimitTopic } from './limit-topic.port.js';

/** The operator's limits, with the files and packages that held them. */
export interface OperatorLimits {
  readonly code: readonly LimitPolicy[];
  readonly places: readonly string[];
}

/**
/**
 * Makes the topic equal to the written limits. A second run publishes nothing. Runs never overlap, so no run publishes a
 * limit that another run has just replaced.
 */
export class PublishLimits {
  readonly #operator: OperatorLimits;
  readonly #store: LimitPolicyStore;
  readonly #topic: LimitTopic;
  #last: Promise<unknown> = Promise.resolve();

  constructor(operator: OperatorLimits, store: LimitPolicyStore, topic: LimitTopic) {
    this.#operator = operator;
    this.#store = store;
    this.#topic = topic;
  }

  run(): Promise<Publication> {
    const next = this.#last.then(() => this.#publish());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Operator's limits that are in force but not in this service's files. They stay. */
  async ofOthers(): Promise<readonly LimitPolicy[]> {
    return limitsOfOthers(this.#operator, await this.#topic.published());
  }

  async #publish(): Promise<Publication> {
    const [api, removed] = [await this.#store.all(), await this.#store.removed()];
    const keyOf = ({ tenantId, id }: (typeof removed)[number]): string => limitKey({ owner: tenantId, id });
    const published = await this.#topic.published();
    const publication = planLimitPublication(
      { ...this.#operator, api, removed: removed.map(keyOf) },
      published,
    );
    if (publication.publish.length + publication.lift.length > 0) await this.#topic.apply(publication);
    const over = removed.filter((limit) => !published.has(keyOf(limit)));
    if (over.length > 0) await this.#store.forget(over);
    return publication;
  }
}

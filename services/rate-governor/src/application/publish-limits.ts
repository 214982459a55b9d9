import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { planPublication, writtenLimits, type Publication } from '../domain/publication.js';
import type { LimitStore } from './limit-store.port.js';
import type { LimitTopic } from './limit-topic.port.js';

/**
 * Makes the topic hold the limits that are written down. Running it again publishes nothing; runs follow one another, so
 * that none publishes what another has just replaced.
 */
export class PublishLimits {
  readonly #code: readonly LimitPolicy[];
  readonly #store: LimitStore;
  readonly #topic: LimitTopic;
  #last: Promise<unknown> = Promise.resolve();

  /** `code`: the limits that are defined in code. */
  constructor(code: readonly LimitPolicy[], store: LimitStore, topic: LimitTopic) {
    this.#code = code;
    this.#store = store;
    this.#topic = topic;
  }

  run(): Promise<Publication> {
    const next = this.#last.then(() => this.#publish());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #publish(): Promise<Publication> {
    const written = writtenLimits(this.#code, await this.#store.all());
    const publication = planPublication(written, await this.#topic.published());
    if (publication.publish.length + publication.lift.length > 0) await this.#topic.apply(publication);
    return publication;
  }
}

import { identityKey, type Identity } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import {
  isSameIdentity,
  planIdentityPublication,
  type IdentityPublication,
} from '../domain/identity-publication.js';
import type { IdentityRecord } from './identity-record.port.js';
import type { IdentityTopic } from './identity-topic.port.js';
import { waitAtMost } from './wait-at-most.js';

/** The longest time for which an answer waits for the publication of its change, milliseconds. */
const answerWithinMs = 2_500;
/** The longest time from reading the record until the records leave, milliseconds. */
const freshForMs = 2_000;

/**
 * Makes the topic equal to the record. A run that finds both equal publishes nothing. Runs of all instances are one
 * after the other. Callers that ask during a run share the next one.
 */
export class PublishIdentities {
  readonly #record: IdentityRecord;
  readonly #topic: IdentityTopic;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<IdentityPublication> | undefined;

  constructor(record: IdentityRecord, topic: IdentityTopic, clock: Clock = systemClock) {
    this.#record = record;
    this.#topic = topic;
    this.#clock = clock;
  }

  /** Resolves after a run that began after this call. */
  run(): Promise<IdentityPublication> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#last.then(() => {
      this.#next = undefined;
      return this.#publish();
    });
    this.#next = next;
    this.#last = next.catch(() => undefined);
    return next;
  }

  /**
   * Publishes a change of the record. It never rejects: the record has the change already, and the regular run repeats
   * a failed publication. It resolves after 2.5 s at the latest.
   */
  soon(): Promise<void> {
    return waitAtMost(answerWithinMs, this.run());
  }

  /** Returns a function that tells whether the doors know an identity of the record as it is. */
  async publishedState(): Promise<(identity: Identity) => boolean> {
    const published = await this.#topic.published();
    return (identity) => isSameIdentity(identity, published.get(identityKey(identity)));
  }

  #publish(): Promise<IdentityPublication> {
    return this.#record.exclusively(async (read) => {
      const published = await this.#topic.refreshed();
      const readAtMs = this.#clock.monotonicMs();
      const publication = planIdentityPublication(await read(), published);
      if (publication.publish.length + publication.retract.length === 0) return publication;
      // A process that was suspended here may have lost its lock, and the record may have changed since.
      if (this.#clock.monotonicMs() - readAtMs > freshForMs)
        throw new Error('reading the record took too long to publish it');
      await this.#topic.apply(publication);
      return publication;
    });
  }
}

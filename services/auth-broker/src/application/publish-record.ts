import { systemClock, type Clock } from '@action-mesh/kernel';

import { isSameValue, planRecordPublication, type RecordPublication } from '../domain/record-publication.js';
import type { PublishedRecord } from './published-record.port.js';
import type { PublishedTopic } from './published-topic.port.js';
import { waitAtMost } from './wait-at-most.js';

/** The longest time for which an answer waits for the publication of its change, milliseconds. */
const answerWithinMs = 2_500;
/** The longest time from reading the record until the records leave, milliseconds. */
const freshForMs = 2_000;

/** A record, the topic that equals it, and the key of each value there. */
export interface PublishRecordParts<Value> {
  readonly record: PublishedRecord<Value>;
  readonly topic: PublishedTopic<Value>;
  readonly keyOf: (value: Value) => string;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a topic equal to its record. A run that finds both equal publishes nothing. Runs of all instances are one after
 * the other. Callers that ask during a run share the next one.
 */
export class PublishRecord<Value extends object> {
  readonly #parts: PublishRecordParts<Value>;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<RecordPublication<Value>> | undefined;

  constructor(parts: PublishRecordParts<Value>) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /** Resolves after a run that began after this call. */
  run(): Promise<RecordPublication<Value>> {
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

  /** Returns a function that tells whether the topic has a value of the record as it is. */
  async publishedState(): Promise<(value: Value) => boolean> {
    const { topic, keyOf } = this.#parts;
    const published = await topic.published();
    return (value) => isSameValue(value, published.get(keyOf(value)));
  }

  #publish(): Promise<RecordPublication<Value>> {
    const { record, topic, keyOf } = this.#parts;
    return record.exclusively(async (read) => {
      const published = await topic.refreshed();
      const readAtMs = this.#clock.monotonicMs();
      const publication = planRecordPublication(await read(), published, keyOf);
      if (publication.publish.length + publication.retract.length === 0) return publication;
      // A process that was suspended here may have lost its lock, and the record may have changed since.
      if (this.#clock.monotonicMs() - readAtMs > freshForMs)
        throw new Error('reading the record took too long to publish it');
      await topic.apply(publication);
      return publication;
    });
  }
}

import type { RecordPublication } from '../domain/record-publication.js';
import type { PublishedTopic } from './published-topic.port.js';

/** A topic that compacts at once, and that tests can make unavailable. */
export class FakePublishedTopic<Value> implements PublishedTopic<Value> {
  readonly values = new Map<string, Value>();
  readonly publications: RecordPublication<Value>[] = [];
  unreachable = false;
  readonly #keyOf: (value: Value) => string;

  constructor(keyOf: (value: Value) => string) {
    this.#keyOf = keyOf;
  }

  published(): Promise<ReadonlyMap<string, Value>> {
    return Promise.resolve(new Map(this.values));
  }

  refreshed(): Promise<ReadonlyMap<string, Value>> {
    return this.unreachable ? Promise.reject(new Error('no broker')) : this.published();
  }

  apply(publication: RecordPublication<Value>): Promise<void> {
    if (this.unreachable) return Promise.reject(new Error('no broker'));
    this.publications.push(publication);
    for (const key of publication.retract) this.values.delete(key);
    for (const value of publication.publish) this.values.set(this.#keyOf(value), value);
    return Promise.resolve();
  }
}

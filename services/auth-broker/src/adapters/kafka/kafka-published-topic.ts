import {
  encodeTombstone,
  type CompactedTopicListener,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { PublishedTopic } from '../../application/published-topic.port.js';
import { isSameValue, type RecordPublication } from '../../domain/record-publication.js';

const refreshTimeoutMs = 3_000;

/** The `source` of the broker's events. */
export const eventSource = '/services/auth-broker';

/** The part of a `CompactedTopic` that a publication reads. */
export interface PublishedView<Value> {
  readonly ready: Promise<void>;
  refresh(timeoutMs: number): Promise<void>;
  values(): Iterable<Value>;
  onChange(listener: CompactedTopicListener<Value>): unknown;
}

/** A compacted topic with the events of one definition. */
export interface KafkaPublishedTopicParts<Value> {
  /** The name of the topic, from the definition of its event. */
  readonly topic: string;
  readonly view: PublishedView<Value>;
  readonly producer: RecordProducer;
  readonly keyOf: (value: Value) => string;
  readonly encode: (value: Value) => OutgoingRecord;
  /** Called for each record of another writer. */
  readonly onForeignChange: () => void;
}

/**
 * A compacted topic that equals a record. A view follows the topic for reads; each write is one record. A written value
 * counts as published before it returns through the view.
 */
export class KafkaPublishedTopic<Value extends object> implements PublishedTopic<Value> {
  readonly #parts: KafkaPublishedTopicParts<Value>;
  readonly #written = new Map<string, Value | undefined>();

  constructor(parts: KafkaPublishedTopicParts<Value>) {
    this.#parts = parts;
    parts.view.onChange((key, value) => {
      const written = this.#written.get(key);
      const isOwn =
        this.#written.has(key) && (value === undefined ? written === undefined : isSameValue(value, written));
      if (isOwn) this.#written.delete(key);
      else parts.onForeignChange();
    });
  }

  async published(): Promise<ReadonlyMap<string, Value>> {
    await this.#parts.view.ready;
    return this.#current();
  }

  async refreshed(): Promise<ReadonlyMap<string, Value>> {
    const { view } = this.#parts;
    await view.ready;
    await view.refresh(refreshTimeoutMs);
    // The view has every acknowledged write, and nothing else is on the topic.
    this.#written.clear();
    return this.#current();
  }

  async apply({ publish, retract }: RecordPublication<Value>): Promise<void> {
    const { topic, producer, keyOf, encode } = this.#parts;
    // Revocations leave first.
    for (const key of retract) this.#written.set(key, undefined);
    for (const value of publish) this.#written.set(keyOf(value), value);
    try {
      await producer.sendAll([
        ...retract.map((key) => encodeTombstone({ topic }, key)),
        ...publish.map((value) => encode(value)),
      ]);
    } catch (error) {
      this.#written.clear();
      throw error;
    }
  }

  #current(): ReadonlyMap<string, Value> {
    const { view, keyOf } = this.#parts;
    const current = new Map([...view.values()].map((value) => [keyOf(value), value]));
    for (const [key, value] of this.#written) {
      if (value === undefined) current.delete(key);
      else current.set(key, value);
    }
    return current;
  }
}

import { errorMessage, type EventData, type EventDefinition } from '@action-mesh/kernel';
import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import type { KafkaClientOptions } from './client-options.js';
import { decodeEvent, type EventSchema } from './codec.js';
import { TopicReader } from './consumer/topic-reader.js';
import { UndecodableRecordError } from './messaging.errors.js';
import type { IncomingRecord } from './wire.js';

export interface CompactedTopicOptions<Schema extends EventSchema> {
  readonly client: KafkaClientOptions;
  readonly definition: EventDefinition<Schema>;
  /** Told of records that cannot be decoded; the key keeps the data that it had. */
  readonly onUndecodable?: (error: Error, record: IncomingRecord) => void;
  /** Told of what a change listener throws. */
  readonly onListenerError?: (error: unknown) => void;
}

/** `data` is absent where the key was deleted. */
export type CompactedTopicListener<Data> = (key: string, data: Data | undefined) => void;

/** The newest event of every key of a compacted topic, in memory and kept up to date. Starts at once. */
export class CompactedTopic<Schema extends EventSchema> {
  /** Resolves when all that was in the topic at the start is here; never when it is closed before. */
  readonly ready: Promise<void>;
  readonly #options: CompactedTopicOptions<Schema>;
  readonly #reader: TopicReader;
  readonly #data = new Map<string, EventData<EventDefinition<Schema>>>();
  readonly #listeners = new Set<CompactedTopicListener<EventData<EventDefinition<Schema>>>>();

  constructor(options: CompactedTopicOptions<Schema>, client: KafkaClient = kafkaClient(options.client)) {
    this.#options = options;
    this.#reader = new TopicReader(client, {
      clientId: options.client.clientId,
      topic: options.definition.topic,
      from: 'beginning',
      onRecords: (records) => {
        for (const record of records) this.#apply(record);
      },
    });
    this.ready = this.#reader.caughtUp();
    void this.#reader.start();
  }

  /** Whether changes arrive; false while it finds its way back to the broker. */
  get joined(): boolean {
    return this.#reader.joined;
  }

  get size(): number {
    return this.#data.size;
  }

  get(key: string): EventData<EventDefinition<Schema>> | undefined {
    return this.#data.get(key);
  }

  values(): IterableIterator<EventData<EventDefinition<Schema>>> {
    return this.#data.values();
  }

  /**
   * Resolves when all that is in the topic now is here. Rejects when the broker cannot be asked, or when that takes longer than
   * `timeoutMs`.
   */
  refresh(timeoutMs: number): Promise<void> {
    return this.#reader.catchUp(AbortSignal.timeout(timeoutMs));
  }

  /** Calls the listener on each change after now; returns the function that stops it. */
  onChange(listener: CompactedTopicListener<EventData<EventDefinition<Schema>>>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #apply(record: IncomingRecord): void {
    let key: string;
    let data: EventData<EventDefinition<Schema>> | undefined;
    try {
      if (record.key === null) throw new UndecodableRecordError('NULL_KEY', 'the record has no key');
      key = record.key.toString('utf8');
      data = record.value === null ? undefined : decodeEvent(this.#options.definition, record).data;
    } catch (error) {
      this.#options.onUndecodable?.(error instanceof Error ? error : new Error(errorMessage(error)), record);
      return;
    }
    if (data === undefined) this.#data.delete(key);
    else this.#data.set(key, data);
    for (const listener of this.#listeners) {
      try {
        listener(key, data);
      } catch (error) {
        this.#options.onListenerError?.(error);
      }
    }
  }
}

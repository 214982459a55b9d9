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
  /** Called for each record that cannot be decoded. The key keeps its earlier data. */
  readonly onUndecodable?: (error: Error, record: IncomingRecord) => void;
  /** Called with each error that a change listener throws. */
  readonly onListenerError?: (error: unknown) => void;
}

/** Called on a change. `data` is absent when the key was deleted. */
export type CompactedTopicListener<Data> = (key: string, data: Data | undefined) => void;

/** The newest event of every key of a compacted topic, in memory and kept up to date. It starts at once. */
export class CompactedTopic<Schema extends EventSchema> {
  /** Resolves when all records from before the start are in memory. Stays pending when the view is closed first. */
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

  /** Whether changes arrive. False while the view reconnects to the broker. */
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
   * Resolves when all records that the topic holds now are in memory. Rejects when the broker cannot be asked, or
   * when this takes longer than `timeoutMs`.
   */
  refresh(timeoutMs: number): Promise<void> {
    return this.#reader.catchUp(AbortSignal.timeout(timeoutMs));
  }

  /** Calls the listener on each change from now on. Returns the function that stops it. */
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

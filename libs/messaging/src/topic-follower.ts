import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import type { KafkaClientOptions } from './client-options.js';
import { TopicReader } from './consumer/topic-reader.js';
import type { IncomingRecord } from './wire.js';

export interface TopicFollowerOptions {
  readonly client: KafkaClientOptions;
  readonly topic: string;
  /**
   * Called synchronously for each record, in the order of its partition. An error that it throws is reported, not
   * retried. With a handover, a record of this process comes twice: in memory, and from Kafka. It returns true if it
   * used the record; the copy of a used record reaches Kafka a little later.
   */
  readonly onRecord: (record: IncomingRecord) => unknown;
  readonly onError?: (error: unknown) => void;
}

/**
 * Delivers every record that is produced to a topic from now on, to this process alone. After `start` resolves it
 * misses no record, even while the broker restarts or the connection breaks.
 */
export class TopicFollower {
  readonly #reader: TopicReader;
  readonly #stopHandover: (() => void) | undefined;

  constructor(options: TopicFollowerOptions, client: KafkaClient = kafkaClient(options.client)) {
    const { onRecord, onError = () => undefined } = options;
    const deliver = (record: IncomingRecord): boolean => {
      try {
        return onRecord(record) === true;
      } catch (error) {
        onError(error);
        return false;
      }
    };
    this.#stopHandover = options.client.handover?.receive(options.topic, deliver);
    this.#reader = new TopicReader(client, {
      clientId: options.client.clientId,
      topic: options.topic,
      from: 'end',
      onRecords: (records) => records.forEach(deliver),
    });
  }

  /** Whether it is connected. False while it reconnects. */
  get joined(): boolean {
    return this.#reader.joined;
  }

  /** The next offset of each partition. Every record of Kafka before it is delivered. Empty until the start. */
  get positions(): ReadonlyMap<number, number> {
    return this.#reader.positions;
  }

  /** Resolves when every partition is assigned and its start position is fixed. Waits for a broker that is down. */
  start(): Promise<void> {
    return this.#reader.start();
  }

  close(): Promise<void> {
    this.#stopHandover?.();
    return this.#reader.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

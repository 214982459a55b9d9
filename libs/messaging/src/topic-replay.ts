import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import type { KafkaClientOptions } from './client-options.js';
import { TopicReader } from './consumer/topic-reader.js';
import type { IncomingRecord } from './wire.js';

export interface TopicReplayOptions {
  readonly client: KafkaClientOptions;
  readonly topic: string;
  /** The next offset of each partition. An absent partition is read from its beginning. */
  readonly from: ReadonlyMap<number, number>;
  /**
   * Called synchronously, in the order of the partition. The next fetch waits for the returned promise, which must
   * settle within 15 s.
   */
  readonly onRecords: (records: readonly IncomingRecord[]) => void | Promise<void>;
  /** Called after `positions` have moved. Some offsets hold no record. */
  readonly onMoved?: () => void;
}

/** Delivers the records of a topic from given offsets on, until it is closed. It commits nothing. */
export class TopicReplay implements AsyncDisposable {
  readonly #reader: TopicReader;

  constructor(options: TopicReplayOptions, client: KafkaClient = kafkaClient(options.client)) {
    const { client: settings, ...reading } = options;
    this.#reader = new TopicReader(client, { clientId: settings.clientId, ...reading });
  }

  /** The next offset of each partition. Every record from the start up to it is delivered. */
  get positions(): ReadonlyMap<number, number> {
    return this.#reader.positions;
  }

  /** Resolves when the replay has begun. Waits for a broker that is down. */
  start(): Promise<void> {
    return this.#reader.start();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

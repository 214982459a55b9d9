import type { IncomingRecord } from '../wire.js';
import { FetchedRecord } from './fetched-record.js';
import type {
  AdminConnection,
  ConsumerConnection,
  ConsumerEvents,
  ConsumerOptions,
  FetchedBatch,
  KafkaClient,
  NewTopic,
  OffsetRange,
  PlacedRecord,
  ProducerConnection,
} from './kafka-client.port.js';

/**
 * Adds a prefix to every topic and group on the way out and removes it on the way in. Several meshes can share a
 * cluster without seeing each other, and no other code knows the prefix.
 */
export class PrefixedClient implements KafkaClient {
  readonly #client: KafkaClient;
  readonly #prefix: string;

  constructor(client: KafkaClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  async connectProducer(): Promise<ProducerConnection> {
    const producer = await this.#client.connectProducer();
    return {
      sendBatch: (records) => producer.sendBatch(records.map((record) => this.#outgoing(record))),
      close: () => producer.close(),
    };
  }

  createConsumer(options: ConsumerOptions, events: ConsumerEvents): ConsumerConnection {
    const { topic, groupId } = options;
    const prefixed = { ...options, topic: this.#prefix + topic, groupId: this.#prefix + groupId };
    return this.#client.createConsumer(prefixed, {
      onAssigned: (assignment) => events.onAssigned(assignment),
      onBatch: (batch) => events.onBatch(incoming(batch, topic)),
      onSkipped: (partition, nextOffset) => events.onSkipped(partition, nextOffset),
      onActivity: () => events.onActivity(),
      onRebalancing: () => events.onRebalancing(),
      onCrash: (error) => events.onCrash(error),
    });
  }

  async connectAdmin(signal?: AbortSignal): Promise<AdminConnection> {
    const admin = await this.#client.connectAdmin(signal);
    const prefix = this.#prefix;
    return {
      async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
        const counts = await admin.partitionCounts(topics.map((topic) => prefix + topic));
        return new Map([...counts].map(([topic, count]) => [topic.slice(prefix.length), count]));
      },
      offsetRanges: (topic: string): Promise<readonly OffsetRange[]> => admin.offsetRanges(prefix + topic),
      createTopics: (topics: readonly NewTopic[]): Promise<void> =>
        admin.createTopics(topics.map((topic) => ({ ...topic, name: prefix + topic.name }))),
      topicIdentity: (topic: string) => admin.topicIdentity(prefix + topic),
      brokerCount: () => admin.brokerCount(),
      close: () => admin.close(),
    };
  }

  #outgoing({ origin, partition }: PlacedRecord): PlacedRecord {
    return { origin: { ...origin, topic: this.#prefix + origin.topic }, partition };
  }
}

function incoming(batch: FetchedBatch, topic: string): FetchedBatch {
  const records = batch.records.map((record): IncomingRecord => {
    const { partition, offset, timestampMs, key, value } = record;
    return new FetchedRecord({ topic, partition, offset, timestampMs, key, value }, () => record.headers);
  });
  return { ...batch, records };
}

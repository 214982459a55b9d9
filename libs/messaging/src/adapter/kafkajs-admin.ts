import type { Admin } from 'kafkajs';
import type { AdminConnection, NewTopic, OffsetRange } from './kafka-client.port.js';
import { closeWithin, type KafkaJsInstance } from './kafkajs-instance.js';

const closeTimeoutMs = 2_000;

export class KafkaJsAdmin implements AdminConnection {
  readonly #instance: KafkaJsInstance;
  readonly #admin: Admin;

  constructor(instance: KafkaJsInstance) {
    this.#instance = instance;
    this.#admin = instance.kafka.admin();
  }

  async connect(): Promise<void> {
    try {
      await this.#admin.connect();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Lists the topics first: a request for a missing topic would fail for all of them (K12). */
  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const existing = new Set(await this.#admin.listTopics());
    const wanted = topics.filter((topic) => existing.has(topic));
    if (wanted.length === 0) return new Map();
    const metadata = await this.#admin.fetchTopicMetadata({ topics: wanted });
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  async offsetRanges(topic: string): Promise<readonly OffsetRange[]> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.map(({ partition, low, high }) => ({
      partition,
      start: Number(low),
      end: Number(high),
    }));
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    await this.#admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: topic.replicationFactor,
        configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
      })),
    });
  }

  async topicIdentity(topic: string): Promise<string> {
    const { clusterId } = await this.#admin.describeCluster();
    return `${clusterId}/${topic}`;
  }

  async brokerCount(): Promise<number> {
    const { brokers } = await this.#admin.describeCluster();
    return brokers.length;
  }

  async close(): Promise<void> {
    await closeWithin(this.#instance, () => this.#admin.disconnect(), closeTimeoutMs);
  }
}

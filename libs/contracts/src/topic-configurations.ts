import { topics, type Topic } from './topics.js';

/** The settings that the broker needs to create a topic. */
export interface TopicConfiguration {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * The partitions of a topic on fewer than three brokers. Each further partition is one more file to flush for every
 * batch, and no further machine would read it.
 */
const partitionsOnFewBrokers = 2;

/**
 * The manifest as configurations for a cluster of `brokers` brokers. With three or more brokers, a topic has three
 * copies, and two must be in sync. With fewer, the broker flushes records that must survive a power cut before it
 * acknowledges them.
 */
export function topicConfigurations(brokers: number): TopicConfiguration[] {
  const replicationFactor = Math.min(3, Math.max(1, brokers));
  return Object.values<Topic>(topics).map((topic) => ({
    name: topic.name,
    partitions:
      replicationFactor >= 3 ? topic.partitions : Math.min(topic.partitions, partitionsOnFewBrokers),
    replicationFactor,
    config: {
      'cleanup.policy': topic.cleanup,
      'min.insync.replicas': String(replicationFactor >= 3 ? 2 : 1),
      ...(topic.retentionMs === undefined ? {} : { 'retention.ms': String(topic.retentionMs) }),
      ...(topic.maxRecordBytes === undefined ? {} : { 'max.message.bytes': String(topic.maxRecordBytes) }),
      ...(topic.stampedBy === 'broker' ? { 'message.timestamp.type': 'LogAppendTime' } : {}),
      ...(topic.flushEveryRecord === true && replicationFactor === 1 ? { 'flush.messages': '1' } : {}),
    },
  }));
}

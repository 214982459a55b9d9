import type { KafkaClientOptions } from './client-options.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Topic configuration of Kafka, `{ 'cleanup.policy': 'compact' }`. */
  readonly config: Readonly<Record<string, string>>;
}

/** Creates the topics that are missing. */
export async function ensureTopics(
  _client: KafkaClientOptions,
  _manifest: readonly TopicSpec[],
): Promise<void> {}

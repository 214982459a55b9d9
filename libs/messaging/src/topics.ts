import { errorMessage, systemClock } from '@action-mesh/kernel';
import type { AdminConnection, KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import { backoffMs, sleep } from './backoff.js';
import type { KafkaClientOptions } from './client-options.js';
import { BrokerUnavailableError, TopicMismatchError } from './messaging.errors.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Topic configuration of Kafka, for example `{ 'cleanup.policy': 'compact' }`. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * The configuration of every topic, unless its specification says otherwise. The broker stores records uncompressed
 * even when their producer compressed them. Our client reads only gzip, and a record that it cannot decompress would
 * stop its partition (K18).
 */
const defaultConfig: Readonly<Record<string, string>> = { 'compression.type': 'uncompressed' };

const creationDeadlineMs = 30_000;

/** The topics for a cluster with `brokers` brokers. */
export type TopicManifest = (brokers: number) => readonly TopicSpec[];

/**
 * Creates missing topics. Other processes may do the same at the same time. Waits up to 30 s for a broker that is
 * still starting. An existing topic keeps its configuration and its additional partitions.
 *
 * Throws {@link TopicMismatchError} when a topic has fewer partitions than specified, and
 * {@link BrokerUnavailableError} when the broker does not create the topics in time.
 */
export async function ensureTopics(
  options: KafkaClientOptions,
  manifest: readonly TopicSpec[] | TopicManifest,
  client: KafkaClient = kafkaClient(options),
): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + creationDeadlineMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const admin = await client.connectAdmin();
      try {
        const specs = typeof manifest === 'function' ? manifest(await admin.brokerCount()) : manifest;
        await createMissing(admin, specs);
        return;
      } finally {
        await admin.close();
      }
    } catch (error) {
      if (error instanceof TopicMismatchError) throw error;
      if (systemClock.monotonicMs() >= deadlineMs) {
        throw new BrokerUnavailableError(`the topics could not be created: ${errorMessage(error)}`, {
          cause: error,
        });
      }
      await sleep(backoffMs(attempt, 100, 1_000));
    }
  }
}

async function createMissing(admin: AdminConnection, manifest: readonly TopicSpec[]): Promise<void> {
  const names = manifest.map(({ name }) => name);
  const before = await admin.partitionCounts(names);
  const missing = manifest.filter(({ name }) => !before.has(name));
  if (missing.length > 0) {
    await admin.createTopics(
      missing.map((spec) => ({ ...spec, config: { ...defaultConfig, ...spec.config } })),
    );
  }
  const counts = missing.length > 0 ? await admin.partitionCounts(names) : before;
  for (const { name, partitions } of manifest) {
    const count = counts.get(name);
    if (count === undefined) throw new BrokerUnavailableError(`${name} was created but is not there yet`);
    if (count >= partitions) continue;
    throw new TopicMismatchError(
      name,
      `${name} has ${count} partitions and should have ${partitions}: adding some moves keys to other partitions, ` +
        'so a person has to decide',
    );
  }
}

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
  /** Topic configuration of Kafka, `{ 'cleanup.policy': 'compact' }`. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * What every topic gets unless its specification says otherwise. The broker stores records uncompressed whatever their
 * producer did: our client reads gzip only, and a record that it cannot decompress would stop its partition (K18).
 */
const DEFAULT_CONFIG: Readonly<Record<string, string>> = { 'compression.type': 'uncompressed' };

const DEADLINE_MS = 30_000;

/** The topics that a cluster of so many brokers is to have. */
export type TopicManifest = (brokers: number) => readonly TopicSpec[];

/**
 * Creates the topics that are missing. Others may do the same at the same time; a broker that is still starting is
 * waited for, 30 s in all. An existing topic keeps its configuration and any partitions that it has more.
 *
 * Throws {@link TopicMismatchError} when a topic exists with fewer partitions, {@link BrokerUnavailableError} when the
 * broker did not do it in time.
 */
export async function ensureTopics(
  options: KafkaClientOptions,
  manifest: readonly TopicSpec[] | TopicManifest,
  client: KafkaClient = kafkaClient(options),
): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + DEADLINE_MS;
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
      missing.map((spec) => ({ ...spec, config: { ...DEFAULT_CONFIG, ...spec.config } })),
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
        'so that it has to be decided by a person',
    );
  }
}

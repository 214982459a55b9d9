import type { KafkaClient, OffsetRange } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import type { KafkaClientOptions } from './client-options.js';
import { BrokerUnavailableError } from './messaging.errors.js';

/** The records that a topic holds now. */
export interface TopicExtent {
  /** Names the topic and its cluster. */
  readonly identity: string;
  readonly ranges: readonly OffsetRange[];
}

/** Asks the broker for the extent of a topic. Rejects with {@link BrokerUnavailableError} without an answer in time. */
export async function readTopicExtent(
  options: KafkaClientOptions,
  topic: string,
  timeoutMs: number,
  client: KafkaClient = kafkaClient(options),
): Promise<TopicExtent> {
  try {
    const admin = await client.connectAdmin(AbortSignal.timeout(timeoutMs));
    try {
      const identity = await admin.topicIdentity(topic);
      return { identity, ranges: await admin.offsetRanges(topic) };
    } finally {
      await admin.close();
    }
  } catch (cause) {
    throw new BrokerUnavailableError(`the broker did not describe ${topic}`, { cause });
  }
}

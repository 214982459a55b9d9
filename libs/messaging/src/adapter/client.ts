import type { KafkaClientOptions } from '../client-options.js';
import type { KafkaClient } from './kafka-client.port.js';
import { KafkaJsClient } from './kafkajs-client.js';
import { PrefixedClient } from './prefixed-client.js';

/** The Kafka client that producers and consumers use by default. */
export function kafkaClient(options: KafkaClientOptions): KafkaClient {
  const client = new KafkaJsClient(options);
  const { topicPrefix = '' } = options;
  return topicPrefix === '' ? client : new PrefixedClient(client, topicPrefix);
}

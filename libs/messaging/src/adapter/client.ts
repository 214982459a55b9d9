import type { KafkaClientOptions } from '../client-options.js';
import type { KafkaClient } from './kafka-client.port.js';
import { KafkaJsClient } from './kafkajs-client.js';
import { PrefixedClient } from './prefixed-client.js';

/** The client that everything uses unless it is given another one. */
export function kafkaClient(options: KafkaClientOptions): KafkaClient {
  const client = new KafkaJsClient(options);
  const { topicPrefix = '' } = options;
  return topicPrefix === '' ? client : new PrefixedClient(client, topicPrefix);
}

import { CompressionTypes, type Producer, type RecordMetadata } from 'kafkajs';
import type { PlacedRecord, ProducerConnection } from './kafka-client.port.js';
import { closeWithin, type KafkaJsInstance } from './kafkajs-instance.js';
import { PlacedMessage } from './patches/produce-request.js';

const closeTimeoutMs = 2_000;
const allInSyncReplicas = -1;

export class KafkaJsProducer implements ProducerConnection {
  readonly #instance: KafkaJsInstance;
  readonly #producer: Producer;

  constructor(instance: KafkaJsInstance) {
    this.#instance = instance;
    this.#producer = instance.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      // Every record arrives with its partition (K16).
      createPartitioner: () => (args) => args.message.partition ?? 0,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    });
  }

  async connect(): Promise<void> {
    try {
      await this.#producer.connect();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async sendBatch(records: readonly PlacedRecord[]): Promise<void> {
    const messagesByTopic = new Map<string, PlacedMessage[]>();
    for (const record of records) {
      const { topic } = record.origin;
      let messages = messagesByTopic.get(topic);
      if (messages === undefined) messagesByTopic.set(topic, (messages = []));
      messages.push(new PlacedMessage(record));
    }
    const answers = await this.#producer.sendBatch({
      acks: allInSyncReplicas,
      timeout: this.#instance.requestTimeoutMs,
      compression: CompressionTypes.None,
      topicMessages: [...messagesByTopic].map(([topic, messages]) => ({ topic, messages })),
    });
    checkAnswered(records, answers);
  }

  async close(): Promise<void> {
    await closeWithin(this.#instance, () => this.#producer.disconnect(), closeTimeoutMs);
  }
}

/**
 * Rejects a success that leaves a partition out. The library reports one in this case: one broker answered, another
 * failed, and the failed one's partition moved to the first. Its retry then skips that partition. A record without an
 * answer was not sent.
 */
function checkAnswered(records: readonly PlacedRecord[], answers: readonly RecordMetadata[]): void {
  const answered = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
  for (const { origin, partition } of records) {
    if (!answered.has(`${origin.topic}/${partition}`)) {
      throw new Error(`no broker acknowledged the records for partition ${partition} of ${origin.topic}`);
    }
  }
}

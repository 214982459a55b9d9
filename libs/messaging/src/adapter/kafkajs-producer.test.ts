import type { Kafka, ProducerBatch, ProducerConfig, RecordMetadata } from 'kafkajs';

import type { PlacedRecord } from './kafka-client.port.js';
import type { KafkaJsInstance } from './kafkajs-instance.js';
import { KafkaJsProducer } from './kafkajs-producer.js';
import { ClientSockets } from './kafkajs-sockets.js';

class Library {
  config: ProducerConfig | undefined;
  batches: ProducerBatch[] = [];
  answers: RecordMetadata[] = [];

  producer(config: ProducerConfig): object {
    this.config = config;
    return {
      sendBatch: (batch: ProducerBatch): Promise<RecordMetadata[]> => {
        this.batches.push(batch);
        return Promise.resolve(this.answers);
      },
    };
  }
}

const record = (topic: string, partition: number): PlacedRecord => ({
  origin: { topic, key: 'k', value: Buffer.from('v'), headers: { a: 'b' } },
  partition,
});

let library: Library;
let producer: KafkaJsProducer;

beforeEach(() => {
  library = new Library();
  const instance: KafkaJsInstance = {
    kafka: library as unknown as Kafka,
    sockets: new ClientSockets(),
    requestTimeoutMs: 1_000,
  };
  producer = new KafkaJsProducer(instance);
});

describe('KafkaJsProducer', () => {
  it('is idempotent, creates no topics, and waits for every in-sync replica', async () => {
    library.answers = [{ topicName: 't', partition: 0, errorCode: 0 }];
    await producer.sendBatch([record('t', 0)]);
    expect(library.config).toMatchObject({ idempotent: true, allowAutoTopicCreation: false });
    expect(library.batches[0]).toMatchObject({
      acks: -1,
      topicMessages: [{ topic: 't', messages: [{ partition: 0 }] }],
    });
  });

  it('sends each record to its chosen partition (K16)', () => {
    const partitioner = library.config?.createPartitioner?.();
    expect(partitioner?.({ topic: 't', partitionMetadata: [], message: { partition: 5, value: null } })).toBe(
      5,
    );
  });

  it('rejects a success that leaves a partition out', async () => {
    library.answers = [{ topicName: 't', partition: 0, errorCode: 0 }];
    await expect(producer.sendBatch([record('t', 0), record('t', 1)])).rejects.toThrow('partition 1 of t');
    await expect(producer.sendBatch([record('u', 0)])).rejects.toThrow('partition 0 of u');
  });
});

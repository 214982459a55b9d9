import type { IncomingRecord } from '../wire.js';
import type {
  AdminConnection,
  ConsumerConnection,
  ConsumerEvents,
  ConsumerOptions,
  FetchedBatch,
  KafkaClient,
  NewTopic,
  OffsetRange,
  PartitionOffset,
  PlacedRecord,
  ProducerConnection,
} from './kafka-client.port.js';

/** One `sendBatch` that a test answers. */
export interface FakeSend {
  readonly producer: number;
  readonly records: readonly PlacedRecord[];
  acknowledge(): void;
  fail(error?: Error): void;
}

/** A consumer that a test drives. */
export class FakeConsumer implements ConsumerConnection {
  readonly options: ConsumerOptions;
  readonly events: ConsumerEvents;
  readonly commits: (readonly PartitionOffset[])[] = [];
  readonly paused = new Set<number>();
  readonly seeks: PartitionOffset[] = [];
  /** The fetch position of each partition after the last `resolve`. */
  readonly positions = new Map<number, number>();
  closed = false;
  /** The error that `start` and `commit` reject with. */
  startError: Error | undefined;
  commitError: Error | undefined;

  constructor(options: ConsumerOptions, events: ConsumerEvents) {
    this.options = options;
    this.events = events;
  }

  start(): Promise<void> {
    return this.startError === undefined ? Promise.resolve() : Promise.reject(this.startError);
  }

  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    if (this.commitError !== undefined) return Promise.reject(this.commitError);
    this.commits.push(offsets);
    return Promise.resolve();
  }

  pause(partitions: readonly number[]): void {
    for (const partition of partitions) this.paused.add(partition);
  }

  resume(partitions: readonly number[]): void {
    for (const partition of partitions) this.paused.delete(partition);
  }

  seek(position: PartitionOffset): void {
    this.seeks.push(position);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /**
   * Delivers records with the given offsets. The fetch begins at the first of them unless `fetchedOffset` says
   * otherwise.
   */
  deliver(partition: number, offsets: readonly number[], fetchedOffset?: number): Promise<void> | undefined {
    const last = offsets.at(-1) ?? -1;
    const batch: FetchedBatch = {
      partition,
      fetchedOffset: fetchedOffset ?? offsets[0] ?? 0,
      nextOffset: last + 1,
      endOffset: last + 1,
      records: offsets.map((offset) => fakeRecord(this.options.topic, partition, offset)),
      resolve: () => void this.positions.set(partition, last + 1),
    };
    return this.events.onBatch(batch);
  }

  /** The newest offset committed for each partition. */
  get committed(): ReadonlyMap<number, number> {
    return new Map(this.commits.flat().map(({ partition, offset }) => [partition, offset]));
  }
}

export function fakeRecord(
  topic: string,
  partition: number,
  offset: number,
  key = `key-${offset}`,
): IncomingRecord {
  return {
    topic,
    partition,
    offset: BigInt(offset),
    timestampMs: 0,
    key: Buffer.from(key),
    value: Buffer.from('{}'),
    headers: {},
  };
}

/** A cluster without a network: topics with partition counts, sends that tests answer, consumers that tests drive. */
export class FakeKafkaClient implements KafkaClient {
  readonly topics: Map<string, number>;
  /** The end of each partition of a topic. Zero by default. */
  readonly ends = new Map<string, number>();
  readonly sends: FakeSend[] = [];
  readonly consumers: FakeConsumer[] = [];
  producers = 0;
  /** Sends without an answer. */
  inFlight = 0;
  mostInFlight = 0;
  /** The error that the next connections of producers and admins reject with. */
  connectError: Error | undefined;

  constructor(topics: Readonly<Record<string, number>> = {}) {
    this.topics = new Map(Object.entries(topics));
  }

  connectProducer(): Promise<ProducerConnection> {
    if (this.connectError !== undefined) return Promise.reject(this.connectError);
    this.producers += 1;
    const producer = this.producers;
    return Promise.resolve({
      sendBatch: (records) => this.#send(producer, records),
      close: () => Promise.resolve(),
    });
  }

  createConsumer(options: ConsumerOptions, events: ConsumerEvents): ConsumerConnection {
    const consumer = new FakeConsumer(options, events);
    this.consumers.push(consumer);
    return consumer;
  }

  connectAdmin(): Promise<AdminConnection> {
    if (this.connectError !== undefined) return Promise.reject(this.connectError);
    return Promise.resolve({
      partitionCounts: (topics: readonly string[]) =>
        Promise.resolve(new Map([...this.topics].filter(([topic]) => topics.includes(topic)))),
      offsetRanges: (topic: string): Promise<readonly OffsetRange[]> =>
        Promise.resolve(
          Array.from({ length: this.topics.get(topic) ?? 0 }, (_, partition) => ({
            partition,
            start: 0,
            end: this.ends.get(topic) ?? 0,
          })),
        ),
      createTopics: (topics: readonly NewTopic[]) => {
        for (const { name, partitions } of topics) this.topics.set(name, partitions);
        return Promise.resolve();
      },
      topicIdentity: (topic: string) => Promise.resolve(`fake/${topic}`),
      brokerCount: () => Promise.resolve(1),
      close: () => Promise.resolve(),
    });
  }

  #send(producer: number, records: readonly PlacedRecord[]): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return new Promise((resolve, reject) => {
      this.sends.push({
        producer,
        records,
        acknowledge: () => {
          this.inFlight -= 1;
          resolve();
        },
        fail: (error = new Error('failed')) => {
          this.inFlight -= 1;
          reject(error);
        },
      });
    });
  }
}

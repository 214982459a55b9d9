import type { Batch, Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import type { IncomingRecord, WireHeaders } from '../wire.js';
import { fetchInterrupt, waitWhilePausedMs } from './patches/fetch-interrupt.js';
import { FetchedMessage } from './patches/fetched-message.js';
import { isApplied } from './patches/kafkajs-patch.js';
import { FetchedRecord } from './fetched-record.js';
import type {
  ConsumerConnection,
  ConsumerEvents,
  ConsumerOptions,
  FetchedBatch,
  PartitionOffset,
} from './kafka-client.port.js';
import { closeWithin, type KafkaJsInstance } from './kafkajs-instance.js';

/** Large enough that the batches of one fetch do not queue behind each other. */
const batchesAtOnce = 32;
const maxBytesPerPartition = 256 * 1024;
/** Members answer a rebalance at their next heartbeat. The group removes a member that takes longer than this. */
const rebalanceTimeoutMs = 12_000;

export class KafkaJsConsumer implements ConsumerConnection {
  readonly #instance: KafkaJsInstance;
  readonly #options: ConsumerOptions;
  readonly #events: ConsumerEvents;
  readonly #consumer: Consumer;

  constructor(instance: KafkaJsInstance, options: ConsumerOptions, events: ConsumerEvents) {
    this.#instance = instance;
    this.#options = options;
    this.#events = events;
    this.#consumer = instance.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      heartbeatInterval: options.heartbeatIntervalMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      maxWaitTimeInMs: isApplied(fetchInterrupt) ? options.maxWaitMs : waitWhilePausedMs,
      minBytes: 1,
      maxBytesPerPartition: maxBytesPerPartition,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: 4,
        // A timer starts the library's own restart, and no stop cancels that timer (K10).
        restartOnFailure: () => Promise.resolve(false),
      },
    });
  }

  async start(): Promise<void> {
    const { topic, fromBeginning } = this.#options;
    this.#listen();
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: batchesAtOnce,
      eachBatch: async (payload) => {
        const accepted = this.#events.onBatch(fetchedBatch(payload));
        if (accepted !== undefined) await accepted;
      },
    });
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { topic } = this.#options;
    await this.#consumer.commitOffsets(
      offsets.map(({ partition, offset }) => ({ topic, partition, offset: offset.toString() })),
    );
  }

  pause(partitions: readonly number[]): void {
    ifRunning(() => this.#consumer.pause([{ topic: this.#options.topic, partitions: [...partitions] }]));
  }

  resume(partitions: readonly number[]): void {
    ifRunning(() => this.#consumer.resume([{ topic: this.#options.topic, partitions: [...partitions] }]));
  }

  seek({ partition, offset }: PartitionOffset): void {
    ifRunning(() =>
      this.#consumer.seek({ topic: this.#options.topic, partition, offset: offset.toString() }),
    );
  }

  async close(timeoutMs: number): Promise<void> {
    // No `disconnect`: it would wait for the answer to a fetch that the stop has given up (K11).
    await closeWithin(this.#instance, () => this.#consumer.stop(), timeoutMs);
  }

  #listen(): void {
    const { topic } = this.#options;
    const { GROUP_JOIN, START_BATCH_PROCESS, FETCH, HEARTBEAT, REBALANCING, CRASH } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#events.onAssigned({
        memberId: payload.memberId,
        partitions: payload.memberAssignment[topic] ?? [],
      });
    });
    this.#consumer.on(START_BATCH_PROCESS, ({ payload }) => {
      // The library skips such a batch without delivering it.
      if (payload.batchSize === 0) this.#events.onSkipped(payload.partition, Number(payload.lastOffset) + 1);
    });
    this.#consumer.on(FETCH, () => this.#events.onActivity());
    this.#consumer.on(HEARTBEAT, () => this.#events.onActivity());
    this.#consumer.on(REBALANCING, () => this.#events.onRebalancing());
    this.#consumer.on(CRASH, ({ payload }) => this.#events.onCrash(payload.error));
  }
}

/** The library throws when `steer` runs on a consumer that has not started or has crashed. */
function ifRunning(steer: () => void): void {
  try {
    steer();
  } catch {
    // The next consumer begins with its own positions and pauses.
  }
}

function fetchedBatch(payload: EachBatchPayload): FetchedBatch {
  const { batch } = payload;
  const { topic, partition } = batch;
  const last = batch.messages.at(-1);
  return {
    partition,
    fetchedOffset: Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset),
    nextOffset: Number(batch.lastOffset()) + 1,
    endOffset: Number(batch.highWatermark),
    records: batch.messages.map((message) => incomingRecord(topic, partition, message)),
    resolve: () => {
      if (last !== undefined) payload.resolveOffset(last.offset);
    },
  };
}

function incomingRecord(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  if (message instanceof FetchedMessage) {
    const { offsetNumber, timestampMs, key, value } = message;
    const parts = { topic, partition, offset: BigInt(offsetNumber), timestampMs, key, value };
    return new FetchedRecord(parts, () => message.wireHeaders);
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: wireHeaders(message.headers),
  };
}

function wireHeaders(headers: IHeaders | undefined): WireHeaders {
  const decoded: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    // A header without a value is null here, against the library's types.
    const text = last?.toString();
    if (text !== undefined) decoded[name] = text;
  }
  return decoded;
}

import type { IncomingRecord, OutgoingRecord } from '../wire.js';

/**
 * Everything that the runtime needs from a Kafka client. Only the adapters in this folder know a client library, so
 * it can be replaced. A connection is never repaired: after an error, the runtime closes it and opens a new one.
 */
export interface KafkaClient {
  connectProducer(): Promise<ProducerConnection>;
  /** Creates a consumer without starting it. */
  createConsumer(options: ConsumerOptions, events: ConsumerEvents): ConsumerConnection;
  /** The signal abandons a connection attempt that is under way. */
  connectAdmin(signal?: AbortSignal): Promise<AdminConnection>;
}

/** A record with its partition already chosen. */
export interface PlacedRecord {
  readonly origin: OutgoingRecord;
  readonly partition: number;
}

/**
 * An idempotent producer that waits for all in-sync replicas. After a failed `sendBatch`, only `close` is allowed.
 * The library would reuse the sequence numbers of a batch that the broker may have stored (K1).
 */
export interface ProducerConnection {
  sendBatch(records: readonly PlacedRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly topic: string;
  readonly groupId: string;
  /** Whether a partition without a committed offset begins at its first record. Otherwise it begins at its end. */
  readonly fromBeginning: boolean;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Milliseconds that the broker holds an empty fetch. A heartbeat follows a fetch, so it waits as long. */
  readonly maxWaitMs: number;
}

export interface Assignment {
  /** Equal for two assignments in a row when no other member can have owned the partitions in between. */
  readonly memberId: string;
  readonly partitions: readonly number[];
}

export interface FetchedBatch {
  readonly partition: number;
  /** The requested offset. The records may begin later. */
  readonly fetchedOffset: number;
  /** The offset after the last record of the batch, including records that are never delivered. */
  readonly nextOffset: number;
  /** The end of the partition at the time of the fetch. */
  readonly endOffset: number;
  readonly records: readonly IncomingRecord[];
  /** Moves the fetch position behind the batch. Without this call, the batch is fetched again. */
  resolve(): void;
}

export interface ConsumerEvents {
  /** Called before the first fetch of the assignment. It may call `seek`. */
  onAssigned(assignment: Assignment): void;
  /** The next fetch from the same broker waits for the returned promise (K5). */
  onBatch(batch: FetchedBatch): Promise<void> | undefined;
  /** The fetch position moved to `nextOffset`. The offsets in between hold only aborted or control records. */
  onSkipped(partition: number, nextOffset: number): void;
  /** The broker answered a fetch or a heartbeat. */
  onActivity(): void;
  /** The group is about to rebalance. Offsets committed now still count. */
  onRebalancing(): void;
  /** The consumer has ended with this error. */
  onCrash(error: Error): void;
}

export interface PartitionOffset {
  readonly partition: number;
  readonly offset: number;
}

export interface ConsumerConnection {
  /** Connects, subscribes and begins to join the group. Rejects when one of these fails. */
  start(): Promise<void>;
  /**
   * Commits offsets: for each partition, the offset after the last handled record. Rejects when the broker refuses.
   */
  commit(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Has no effect on a consumer that does not run, like `resume` and `seek`. */
  pause(partitions: readonly number[]): void;
  resume(partitions: readonly number[]): void;
  seek(position: PartitionOffset): void;
  /** Leaves the group and closes within `timeoutMs`. Every socket is closed then. */
  close(timeoutMs: number): Promise<void>;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface OffsetRange {
  readonly partition: number;
  /** The first offset that still exists. */
  readonly start: number;
  /** The offset of the next appended record. */
  readonly end: number;
}

export interface AdminConnection {
  /** The partition counts of the existing topics among `topics`. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  offsetRanges(topic: string): Promise<readonly OffsetRange[]>;
  /** Creates topics. An existing topic is not an error. */
  createTopics(topics: readonly NewTopic[]): Promise<void>;
  /** Names the topic and its cluster. A topic of another cluster has another identity. */
  topicIdentity(topic: string): Promise<string>;
  /** The number of running brokers. */
  brokerCount(): Promise<number>;
  close(): Promise<void>;
}

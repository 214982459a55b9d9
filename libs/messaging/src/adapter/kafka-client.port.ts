import type { IncomingRecord, OutgoingRecord } from '../wire.js';

/**
 * All that the runtime asks of a Kafka client. Only the adapters in this folder know a client library, so that another
 * one can take its place. A connection serves one life: after an error it is closed and a new one is built.
 */
export interface KafkaClient {
  connectProducer(): Promise<ProducerConnection>;
  /** Makes a consumer that is not started yet. */
  createConsumer(options: ConsumerOptions, events: ConsumerEvents): ConsumerConnection;
  /** The signal gives up an attempt that is under way. */
  connectAdmin(signal?: AbortSignal): Promise<AdminConnection>;
}

/** A record whose partition is decided. */
export interface PlacedRecord {
  readonly origin: OutgoingRecord;
  readonly partition: number;
}

/**
 * An idempotent producer with acknowledgement by all in-sync replicas. After a failed `sendBatch` nothing but `close`
 * may be called (K1: the library would reuse the sequence numbers of a batch that may have been stored).
 */
export interface ProducerConnection {
  sendBatch(records: readonly PlacedRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly topic: string;
  readonly groupId: string;
  /** Where a partition begins for which the group has no committed offset. */
  readonly fromBeginning: boolean;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long the broker may hold an empty fetch. */
  readonly maxWaitMs: number;
}

export interface Assignment {
  /** Equal for two assignments in a row when nobody else can have owned the partitions in between. */
  readonly memberId: string;
  readonly partitions: readonly number[];
}

export interface FetchedBatch {
  readonly partition: number;
  /** The offset that was asked for; the records may begin later. */
  readonly fetchedOffset: number;
  /** The offset after the last record of the batch, those included that are never delivered. */
  readonly nextOffset: number;
  /** End of the partition when it was fetched. */
  readonly endOffset: number;
  readonly records: readonly IncomingRecord[];
  /** Moves the fetch position behind the batch. Not called: the batch is fetched again. */
  resolve(): void;
}

export interface ConsumerEvents {
  /** Called before anything of the assignment is fetched; `seek` may be called from here. */
  onAssigned(assignment: Assignment): void;
  /** The next fetch from the same broker waits for the returned promise (K5). */
  onBatch(batch: FetchedBatch): Promise<void> | undefined;
  /** The fetch position moved to `nextOffset` over offsets that hold nothing to deliver: aborted or control records. */
  onSkipped(partition: number, nextOffset: number): void;
  /** A fetch or a heartbeat was answered. */
  onActivity(): void;
  /** The group is about to be divided anew; offsets committed now still count. */
  onRebalancing(): void;
  /** The consumer is dead. */
  onCrash(error: Error): void;
}

export interface PartitionOffset {
  readonly partition: number;
  readonly offset: number;
}

export interface ConsumerConnection {
  /** Connects, subscribes and starts to join the group; rejects when that fails. */
  start(): Promise<void>;
  /** Commits the offset that follows the last one done. Rejects when the broker refused. */
  commit(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Like `resume` and `seek`, of no effect on a consumer that does not run (any more). */
  pause(partitions: readonly number[]): void;
  resume(partitions: readonly number[]): void;
  seek(position: PartitionOffset): void;
  /** Leaves the group and closes, within the time at most; then every socket is gone. */
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
  /** First offset that still exists. */
  readonly start: number;
  /** Offset of the next record to be appended. */
  readonly end: number;
}

export interface AdminConnection {
  /** Partition counts of those of the topics that exist. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  offsetRanges(topic: string): Promise<readonly OffsetRange[]>;
  /** Creates topics; one that exists already is no error. */
  createTopics(topics: readonly NewTopic[]): Promise<void>;
  /** Brokers that are up. */
  brokerCount(): Promise<number>;
  close(): Promise<void>;
}

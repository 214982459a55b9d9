import type { KafkaClientOptions } from './client-options.js';
import type { OutgoingRecord } from './wire.js';

/** Where records go. */
export interface RecordProducer {
  /** Resolves when all in-sync replicas have the record. */
  send(record: OutgoingRecord): Promise<void>;
  /** Resolves when all in-sync replicas have all records. On an error some of them may be on their topics. */
  sendAll(records: readonly OutgoingRecord[]): Promise<void>;
  /** Sends what is buffered, then closes. */
  close(): Promise<void>;
}

export interface KafkaProducerOptions {
  readonly client: KafkaClientOptions;
  /** The only topics that may be written (K12). */
  readonly topics: readonly string[];
  /** Milliseconds from `send` until it is rejected. @default 30000 */
  readonly deliveryTimeoutMs?: number;
  /** @default 1_000_000 */
  readonly maxRecordBytes?: number;
  /** Records that may wait or be under way before `send` waits for room. @default 10_000 */
  readonly maxBufferedRecords?: number;
  /** @default 32 MiB */
  readonly maxBufferedBytes?: number;
}

export class KafkaProducer implements RecordProducer {
  constructor(readonly options: KafkaProducerOptions) {}
  /** Connects; optional, the first `send` does it otherwise. */
  async connect(): Promise<void> {}
  async send(_record: OutgoingRecord): Promise<void> {}
  async sendAll(_records: readonly OutgoingRecord[]): Promise<void> {}
  async close(): Promise<void> {}
}

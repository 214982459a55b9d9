import { NaturalBatcher, systemClock, type Clock } from '@action-mesh/kernel';
import { spanTimeMs, type Spans } from '@action-mesh/telemetry/port';
import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import { sleep } from './backoff.js';
import { BatchSender } from './batch-sender.js';
import type { KafkaClientOptions } from './client-options.js';
import type { RecordHandover } from './handover/record-handover.js';
import {
  MessagingClosedError,
  ProducerBusyError,
  RecordTooLargeError,
  UnknownTopicError,
} from './messaging.errors.js';
import { recordSent } from './spans/sent-spans.js';
import { maxRecordBytes, recordBytes, type OutgoingRecord } from './wire.js';

/** Sends records to Kafka. */
export interface RecordProducer {
  /** Resolves when all in-sync replicas have the record. */
  send(record: OutgoingRecord): Promise<void>;
  /** Resolves when all in-sync replicas have all records. After an error, some of them may be on their topics. */
  sendAll(records: readonly OutgoingRecord[]): Promise<void>;
  /** Sends the buffered records, then closes. */
  close(): Promise<void>;
}

export interface KafkaProducerOptions {
  readonly client: KafkaClientOptions;
  /** The only topics that the producer may write (K12). */
  readonly topics: readonly string[];
  /** Milliseconds from `send` until it rejects. @default 30000 */
  readonly deliveryTimeoutMs?: number;
  /**
   * Most bytes of key, value and headers of one record. A producer of dead letters adds headers to records of the
   * largest size. It needs {@link DEAD_LETTER_MAX_RECORD_BYTES}, and a topic with a `max.message.bytes` that allows
   * it.
   * @default 1000000
   */
  readonly maxRecordBytes?: number;
  /** Records that may wait or be under way before `send` waits for room. @default 10000 */
  readonly maxBufferedRecords?: number;
  /** @default 32 MiB */
  readonly maxBufferedBytes?: number;
  readonly clock?: Clock;
}

/**
 * Milliseconds that the copies of handed-over records wait, if each of them was taken. Their requests would delay the
 * commits of the same calls. A record that nobody took may have a reader in another process, so it leaves at once.
 */
const copyDelayMs = 10;
const maxBatchRecords = 500;
const maxBatchBytes = 512 * 1024;
const recordShareBytes = Math.ceil(maxBatchBytes / maxBatchRecords);

/** Records of one `sendAll` that travel in one batch. */
interface Chunk {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly deadlineMs: number;
}

interface Waiting {
  readonly chunk: Chunk;
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A producer that never loses an acknowledged record. Batching makes it fast.
 *
 * - M1: at most one batch is under way. A failed batch is never followed by another on the same connection (K1).
 * - M2: an idle producer sends a record at once. While it is busy, new records gather into one batch: ≤ 500 records,
 *   ≤ 512 KB (K14).
 * - M3: the producer chooses every record's partition from its key before the first attempt, for all attempts (K16).
 * - M4: only topics of the allow-list that the broker has are ever named to the client (K12).
 * - M5: waiting records are bounded by count and bytes. Beyond that, `send` waits for room.
 * - M6: every `send` settles within about the delivery timeout.
 */
export class KafkaProducer implements RecordProducer {
  readonly #topics: ReadonlySet<string>;
  readonly #limits: { deliveryTimeoutMs: number; recordBytes: number; records: number; bytes: number };
  readonly #clock: Clock;
  readonly #handover: RecordHandover | undefined;
  readonly #spans: Spans | undefined;
  readonly #sender: BatchSender;
  readonly #batcher: NaturalBatcher<Chunk, Error | undefined>;
  #bufferedRecords = 0;
  #bufferedBytes = 0;
  #waiting: Waiting[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: KafkaProducerOptions, client: KafkaClient = kafkaClient(options.client)) {
    this.#topics = new Set(options.topics);
    this.#clock = options.clock ?? systemClock;
    this.#handover = options.client.handover;
    this.#spans = options.client.spans?.isOn === true ? options.client.spans : undefined;
    this.#limits = {
      deliveryTimeoutMs: options.deliveryTimeoutMs ?? 30_000,
      recordBytes: options.maxRecordBytes ?? maxRecordBytes,
      records: options.maxBufferedRecords ?? 10_000,
      bytes: options.maxBufferedBytes ?? 32 * 1024 * 1024,
    };
    this.#sender = new BatchSender(client, options.topics, this.#clock);
    this.#batcher = new NaturalBatcher(
      // One measure serves both bounds: no record counts less than its share of a full batch.
      {
        maxItems: maxBatchRecords,
        maxBytes: maxBatchRecords * recordShareBytes,
        sizeOf: ({ records, bytes }) => Math.max(bytes, records.length * recordShareBytes),
      },
      (chunks) => this.#flush(chunks),
    );
  }

  /** Records that wait or are under way. */
  get buffered(): number {
    return this.#bufferedRecords;
  }

  /** Connects before the first record needs it. Rejects when that fails within the delivery timeout. */
  async connect(): Promise<void> {
    await this.#sender.connect(this.#clock.monotonicMs() + this.#limits.deliveryTimeoutMs);
  }

  send(record: OutgoingRecord): Promise<void> {
    return this.sendAll([record]);
  }

  async sendAll(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.#spans === undefined) return this.#sendAll(records);
    const startMs = spanTimeMs();
    let failure: unknown;
    try {
      await this.#sendAll(records);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      recordSent(this.#spans, records, startMs, failure);
    }
  }

  async #sendAll(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.#closed !== undefined) throw new MessagingClosedError('the producer is closed');
    const chunks = this.#chunks(records);
    const [only] = chunks;
    if (only === undefined) return;
    if (this.#handover?.offer(records) === true) await sleep(copyDelayMs);
    if (chunks.length === 1) {
      await this.#deliver(only);
      return;
    }
    // All chunks settle before the first failure is reported. The caller may then send again without overtaking
    // itself.
    const results = await Promise.allSettled(chunks.map((chunk) => this.#deliver(chunk)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    // Records that were handed over enter the buffer after their delay.
    if (this.#handover !== undefined) await sleep(copyDelayMs);
    while (this.#bufferedRecords > 0) await this.#batcher.idle();
    await this.#sender.close();
  }

  #chunks(records: readonly OutgoingRecord[]): Chunk[] {
    const deadlineMs = this.#clock.monotonicMs() + this.#limits.deliveryTimeoutMs;
    const chunks: Chunk[] = [];
    let chunk: OutgoingRecord[] = [];
    let chunkBytes = 0;
    for (const record of records) {
      const bytes = this.#checkedBytes(record);
      if (chunk.length > 0 && (chunk.length === maxBatchRecords || chunkBytes + bytes > maxBatchBytes)) {
        chunks.push({ records: chunk, bytes: chunkBytes, deadlineMs });
        chunk = [];
        chunkBytes = 0;
      }
      chunk.push(record);
      chunkBytes += bytes;
    }
    if (chunk.length > 0) chunks.push({ records: chunk, bytes: chunkBytes, deadlineMs });
    return chunks;
  }

  #checkedBytes(record: OutgoingRecord): number {
    if (!this.#topics.has(record.topic)) {
      throw new UnknownTopicError(record.topic, 'the topic is not on the list of this producer');
    }
    const bytes = recordBytes(record);
    if (bytes <= this.#limits.recordBytes) return bytes;
    throw new RecordTooLargeError(record.topic, bytes, this.#limits.recordBytes);
  }

  async #deliver(chunk: Chunk): Promise<void> {
    if (!this.#hasRoom(chunk) || this.#waiting.length > 0) await this.#room(chunk);
    else this.#reserve(chunk);
    let error: Error | undefined;
    try {
      error = await this.#batcher.add(chunk);
    } finally {
      this.#release(chunk);
    }
    if (error !== undefined) throw error;
  }

  async #flush(chunks: readonly Chunk[]): Promise<readonly (Error | undefined)[]> {
    let deadlineMs = Infinity;
    for (const chunk of chunks) deadlineMs = Math.min(deadlineMs, chunk.deadlineMs);
    return this.#sender.send(
      chunks.map(({ records }) => records),
      deadlineMs,
    );
  }

  #hasRoom({ records, bytes }: Chunk): boolean {
    // A chunk larger than the whole buffer enters alone: it could never fit otherwise.
    if (this.#bufferedRecords === 0) return true;
    return (
      this.#bufferedRecords + records.length <= this.#limits.records &&
      this.#bufferedBytes + bytes <= this.#limits.bytes
    );
  }

  #reserve({ records, bytes }: Chunk): void {
    this.#bufferedRecords += records.length;
    this.#bufferedBytes += bytes;
  }

  #release({ records, bytes }: Chunk): void {
    this.#bufferedRecords -= records.length;
    this.#bufferedBytes -= bytes;
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#hasRoom(next.chunk);
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#reserve(next.chunk);
      next.admit();
    }
  }

  #room(chunk: Chunk): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== entry);
        reject(new ProducerBusyError('the buffer of the producer stayed full'));
      }, this.#limits.deliveryTimeoutMs);
      const entry: Waiting = {
        chunk,
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiting.push(entry);
    });
  }
}

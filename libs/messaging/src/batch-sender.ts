import { errorMessage, type Clock } from '@action-mesh/kernel';
import type {
  AdminConnection,
  KafkaClient,
  PlacedRecord,
  ProducerConnection,
} from './adapter/kafka-client.port.js';
import { BrokerUnavailableError, ProduceFailedError, UnknownTopicError } from './messaging.errors.js';
import { partitionForKey } from './partitioner.js';
import { backoffMs, sleep } from './backoff.js';
import type { OutgoingRecord } from './wire.js';

const firstBackoffMs = 50;
const maxBackoffMs = 2_000;
/** The age at which partition counts are read again in the background. */
const countsMaxAgeMs = 5 * 60_000;

/**
 * Sends one batch at a time, on a connection that is closed after any error.
 *
 * - M7: after a failed request the next one uses a new connection, and with it a new producer id. On the old
 *   connection the library would reuse sequence numbers that the broker may have stored. The broker would then
 *   acknowledge the new batch as a duplicate without storing it (K1).
 * - M8: a batch is retried unchanged until it is acknowledged or its deadline passes. Retries may write it twice.
 */
export class BatchSender {
  readonly #client: KafkaClient;
  readonly #topics: readonly string[];
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #connection: ProducerConnection | undefined;
  #counts: ReadonlyMap<string, number> = new Map();
  #countsReadAtMs = -Infinity;
  #refreshing: Promise<void> | undefined;
  #keyless = 0;

  constructor(client: KafkaClient, topics: readonly string[], clock: Clock) {
    this.#client = client;
    this.#topics = topics;
    this.#clock = clock;
  }

  /** Returns one entry per group of records: its error, or undefined for success. Never rejects. */
  async send(
    groups: readonly (readonly OutgoingRecord[])[],
    deadlineMs: number,
  ): Promise<readonly (Error | undefined)[]> {
    const results: (Error | undefined)[] = groups.map(() => undefined);
    let placedFor: ProducerConnection | undefined;
    let placed: PlacedRecord[] = [];
    let cause: unknown;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const connection = await this.#connected(deadlineMs);
        if (placedFor !== connection) {
          // A new connection reads the partition counts again, and a topic may be gone.
          placed = this.#place(groups, results, placed);
          placedFor = connection;
        }
        if (placed.length > 0) await this.#before(deadlineMs, connection.sendBatch(placed));
        return results;
      } catch (error) {
        this.#discard();
        // The cause of the earlier failure says more than the end of the time.
        if (cause === undefined || !(error instanceof BrokerUnavailableError)) cause = error;
        if (this.#isOver(deadlineMs, error)) return results.map((result) => result ?? produceFailed(cause));
        await sleep(backoffMs(attempt, firstBackoffMs, maxBackoffMs), this.#closing.signal);
      }
    }
  }

  async connect(deadlineMs: number): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#connected(deadlineMs);
        return;
      } catch (error) {
        if (this.#isOver(deadlineMs, error)) throw error;
        await sleep(backoffMs(attempt, firstBackoffMs, maxBackoffMs), this.#closing.signal);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#refreshing;
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #connected(deadlineMs: number): Promise<ProducerConnection> {
    if (this.#connection !== undefined) {
      this.#refreshWhenOld();
      return this.#connection;
    }
    await this.#readCounts(deadlineMs);
    const connecting = this.#client.connectProducer();
    try {
      this.#connection = await this.#before(deadlineMs, connecting);
    } catch (error) {
      // A connection that opens after its deadline is not used.
      connecting.then((late) => late.close()).catch(() => undefined);
      throw error;
    }
    return this.#connection;
  }

  #discard(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close().catch(() => undefined);
  }

  async #readCounts(deadlineMs: number): Promise<void> {
    const connecting = this.#client.connectAdmin();
    let admin: AdminConnection;
    try {
      admin = await this.#before(deadlineMs, connecting);
    } catch (error) {
      connecting.then((late) => late.close()).catch(() => undefined);
      throw error;
    }
    try {
      this.#counts = await this.#before(deadlineMs, admin.partitionCounts(this.#topics));
      this.#countsReadAtMs = this.#clock.monotonicMs();
    } finally {
      await admin.close();
    }
  }

  /** Reads old partition counts again. Topics may get more partitions while we run, but no batch waits for that. */
  #refreshWhenOld(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#refreshing !== undefined || nowMs - this.#countsReadAtMs < countsMaxAgeMs) return;
    this.#countsReadAtMs = nowMs;
    this.#refreshing = this.#readCounts(nowMs + 30_000)
      .catch(() => undefined)
      .finally(() => (this.#refreshing = undefined));
  }

  /**
   * Fails the groups that name a topic which the broker does not have. Keeps the partitions of earlier attempts (M3).
   */
  #place(
    groups: readonly (readonly OutgoingRecord[])[],
    results: (Error | undefined)[],
    before: readonly PlacedRecord[],
  ): PlacedRecord[] {
    const partitions = new Map<OutgoingRecord, number>(
      before.map((record) => [record.origin, record.partition]),
    );
    const placed: PlacedRecord[] = [];
    groups.forEach((records, index) => {
      if (results[index] !== undefined) return;
      const missing = records.find(({ topic }) => !this.#counts.has(topic));
      if (missing !== undefined) {
        results[index] = new UnknownTopicError(missing.topic, 'the broker does not have the topic');
        return;
      }
      for (const origin of records) {
        placed.push({ origin, partition: partitions.get(origin) ?? this.#partition(origin) });
      }
    });
    return placed;
  }

  #partition(record: OutgoingRecord): number {
    if (record.partition !== undefined) return record.partition;
    const count = this.#counts.get(record.topic) ?? 1;
    if (record.key !== null) return partitionForKey(record.key, count);
    this.#keyless += 1;
    return this.#keyless % count;
  }

  /**
   * Whether the deadline has passed. Timers may fire early, so an error of the deadline counts whatever the clock
   * shows.
   */
  #isOver(deadlineMs: number, error: unknown): boolean {
    if (error instanceof BrokerUnavailableError || this.#closing.signal.aborted) return true;
    return this.#clock.monotonicMs() >= deadlineMs;
  }

  /** Gives up at the deadline. {@link #discard} then cuts the work under way. */
  async #before<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
    const leftMs = deadlineMs - this.#clock.monotonicMs();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new BrokerUnavailableError('no answer within the delivery timeout')),
        Math.max(0, leftMs),
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function produceFailed(cause: unknown): ProduceFailedError {
  return new ProduceFailedError(`not acknowledged within the delivery timeout: ${errorMessage(cause)}`, {
    cause,
  });
}

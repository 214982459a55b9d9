import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '@action-mesh/kernel';
import type { Assignment, FetchedBatch, KafkaClient, OffsetRange } from '../adapter/kafka-client.port.js';
import { backoffMs, sleep } from '../backoff.js';
import type { IncomingRecord } from '../wire.js';
import { SupervisedConsumer } from './supervised-consumer.js';

/**
 * No other member waits for a rebalance of the group, so heartbeats may be rare. Records end a fetch at once, however
 * long the broker may hold it.
 */
const aloneInItsGroup = { sessionTimeoutMs: 30_000, heartbeatIntervalMs: 5_000, maxWaitMs: 5_000 };

export interface TopicReaderOptions {
  readonly clientId: string;
  readonly topic: string;
  /** The start of every partition, or the next offset of each. A partition without an offset starts at its beginning. */
  readonly from: 'beginning' | 'end' | ReadonlyMap<number, number>;
  /** Called synchronously, in the order of the partition. The next fetch waits for the returned promise. */
  readonly onRecords: (records: readonly IncomingRecord[]) => void | Promise<void>;
  /** Called after the positions have moved. The records up to them are delivered. */
  readonly onMoved?: () => void;
  readonly clock?: Clock;
}

/**
 * Reads every partition of a topic for itself alone and commits nothing: a group with one member, which keeps its own
 * positions.
 *
 * - M29: the reader fixes the start positions before it joins the group. Every assignment seeks to the kept
 *   positions. So a rebalance, a broken connection or a broker restart neither loses nor repeats a record.
 * - M30: a record is delivered once: records of a fetch from another position are dropped.
 * - M31: a partition that appears later is read from its beginning.
 */
export class TopicReader {
  readonly #client: KafkaClient;
  readonly #options: TopicReaderOptions;
  readonly #consumer: SupervisedConsumer;
  readonly #closing = new AbortController();
  readonly #positions = new Map<number, number>();
  /** Positions that were requested a second time, because a fetch began after them. */
  readonly #askedAgain = new Map<number, number>();
  /** Ends of partitions at the start that the reader has not reached yet. */
  readonly #toCatchUp = new Map<number, number>();
  #onCaughtUp: (() => void)[] = [];
  #positioning: Promise<boolean> | undefined;

  constructor(client: KafkaClient, options: TopicReaderOptions) {
    this.#client = client;
    this.#options = options;
    this.#consumer = new SupervisedConsumer(
      client,
      {
        topic: options.topic,
        groupId: `${options.clientId}.${options.topic}.reader.${randomUUID()}`,
        fromBeginning: true,
        ...aloneInItsGroup,
      },
      {
        onAssigned: (assignment) => this.#onAssigned(assignment),
        onBatch: (batch) => this.#onBatch(batch),
        onSkipped: (partition, nextOffset) => this.#moveTo(partition, nextOffset),
        onRebalancing: () => undefined,
      },
      options.clock ?? systemClock,
    );
  }

  get joined(): boolean {
    return this.#consumer.condition === 'joined';
  }

  /** The next offset of each partition. Every record before it is delivered. Empty until the start. */
  get positions(): ReadonlyMap<number, number> {
    return this.#positions;
  }

  /**
   * Resolves when every partition is assigned and its position fixed. Waits for the broker and the topic without a
   * limit.
   */
  async start(): Promise<void> {
    this.#positioning = this.#fixPositions();
    if (!(await this.#positioning)) return;
    this.#checkCaughtUp();
    this.#consumer.start();
    await Promise.race([this.#consumer.joined(), aborted(this.#closing.signal)]);
  }

  /** Resolves when all records from before the start are delivered. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.#onCaughtUp.push(resolve);
      if (this.#positions.size > 0) this.#checkCaughtUp();
    });
  }

  /**
   * Resolves when all records that the topic holds now are delivered. Rejects when the broker gives no end offsets,
   * and when the signal is aborted first.
   */
  async catchUp(signal: AbortSignal): Promise<void> {
    for (const { partition, end } of await this.#askOffsetRanges(signal)) {
      if ((this.#positions.get(partition) ?? 0) < end) this.#toCatchUp.set(partition, end);
    }
    await Promise.race([this.caughtUp(), aborted(signal).then(() => Promise.reject(signal.reason as Error))]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#positioning;
    await this.#consumer.close();
  }

  /** Fixes the start positions. Returns false when the reader was closed meanwhile. */
  async #fixPositions(): Promise<boolean> {
    const ranges = await this.#offsetRanges();
    if (ranges === undefined || this.#closing.signal.aborted) return false;
    const { from } = this.#options;
    for (const { partition, start, end } of ranges) {
      const position = from === 'end' ? end : from === 'beginning' ? start : (from.get(partition) ?? start);
      this.#positions.set(partition, position);
      if (position < end) this.#toCatchUp.set(partition, end);
    }
    return true;
  }

  async #offsetRanges(): Promise<readonly OffsetRange[] | undefined> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        return await this.#askOffsetRanges(signal);
      } catch {
        await sleep(backoffMs(attempt, 100, 3_000), signal);
      }
    }
    return undefined;
  }

  async #askOffsetRanges(signal: AbortSignal): Promise<readonly OffsetRange[]> {
    const admin = await this.#client.connectAdmin(signal);
    try {
      return await admin.offsetRanges(this.#options.topic);
    } finally {
      await admin.close();
    }
  }

  #onAssigned({ partitions }: Assignment): void {
    for (const partition of partitions) {
      this.#consumer.connection?.seek({ partition, offset: this.#positions.get(partition) ?? 0 });
    }
  }

  #onBatch(batch: FetchedBatch): Promise<void> | undefined {
    const { partition, fetchedOffset } = batch;
    const position = this.#positions.get(partition) ?? 0;
    if (fetchedOffset > position && this.#askedAgain.get(partition) !== position) {
      // Requests the position a second time. The same answer means that retention removed the records.
      this.#askedAgain.set(partition, position);
      this.#consumer.connection?.seek({ partition, offset: position });
      return undefined;
    }
    const fresh = batch.records.filter(({ offset }) => Number(offset) >= position);
    batch.resolve();
    const taken = fresh.length > 0 ? this.#options.onRecords(fresh) : undefined;
    this.#moveTo(partition, batch.nextOffset);
    return taken ?? undefined;
  }

  #moveTo(partition: number, nextOffset: number): void {
    this.#positions.set(partition, Math.max(this.#positions.get(partition) ?? 0, nextOffset));
    this.#options.onMoved?.();
    const end = this.#toCatchUp.get(partition);
    if (end === undefined || nextOffset < end) return;
    this.#toCatchUp.delete(partition);
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    if (this.#toCatchUp.size > 0) return;
    for (const resolve of this.#onCaughtUp.splice(0)) resolve();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

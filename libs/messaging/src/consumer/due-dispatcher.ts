import type { Clock } from '@action-mesh/kernel';
import { backoffMs, sleep } from '../backoff.js';
import { UndecodableRecordError } from '../messaging.errors.js';
import type { IncomingRecord } from '../wire.js';
import { BrokerClock } from './broker-clock.js';
import type { DeadLetterSink } from './dispatcher.js';
import type { LaneDispatcher } from './lane.js';
import type { PartitionQueue, Work } from './partition-queue.js';

export interface DueDispatcherOptions<Item> {
  /** Milliseconds from the broker's stamp until a record is due. */
  readonly delayMs: number;
  readonly maxBatchRecords: number;
  readonly handlerTimeoutMs: number;
  /** Converts a record into the handler's item. If it throws, the record becomes a dead letter. */
  readonly decode: (record: IncomingRecord, dueAtMs: number) => Item;
  readonly handle: (items: readonly Item[], signal: AbortSignal) => Promise<void>;
  readonly onLateness: (lateMs: number) => void;
  readonly onHandlerError: (error: unknown, attempt: number) => void;
  readonly deadLetters: DeadLetterSink;
  /** Called when a record of the queue is complete. */
  readonly onReleased: (queue: PartitionQueue) => void;
  readonly clock: Clock;
}

interface Due<Item> {
  readonly queue: PartitionQueue;
  readonly work: Work;
  readonly item: Item;
  readonly dueAtMs: number;
}

/** A partition, and its first record that was not yet handed over. */
interface Front<Item> {
  readonly queue: PartitionQueue;
  readonly brokerClock: BrokerClock;
  head: Due<Item> | undefined;
}

const firstBackoffMs = 50;
const maxBackoffMs = 5_000;
/** The longest sleep. Clocks are compared at least this often, even when no record is near its time. */
const maxSleepMs = 1_000;

/**
 * Hands over held records when they are due. All records of a topic wait equally long. So only the first record of
 * each partition needs checking, and one timer is enough.
 *
 * - M33 (I6): no record is handed over before the broker's clock shows its stamp plus the delay. {@link BrokerClock}
 *   estimates that clock.
 * - M34: one batch is out at a time, in the order of each partition. A rejected batch is handed over again with
 *   backoff, without a limit. No other record of the topic goes meanwhile.
 * - M35: a record is released only when the handler has taken its batch, or its dead letter was acknowledged.
 * - M36: results for records of a revoked partition are ignored. The next owner hands them over again.
 */
export class DueDispatcher<Item> implements LaneDispatcher {
  readonly #options: DueDispatcherOptions<Item>;
  readonly #stopping = new AbortController();
  #fronts: Front<Item>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #handingOver: Promise<void> | undefined;
  #running: AbortController | undefined;
  readonly #burials = new Set<Promise<void>>();

  constructor(options: DueDispatcherOptions<Item>) {
    this.#options = options;
  }

  assign(queues: readonly PartitionQueue[]): void {
    for (const { queue } of this.#fronts) {
      if (queues.includes(queue)) continue;
      queue.revoked = true;
      queue.clear();
    }
    this.#fronts = queues.map(
      (queue) =>
        this.#fronts.find((front) => front.queue === queue) ?? {
          queue,
          brokerClock: new BrokerClock(this.#options.clock),
          head: undefined,
        },
    );
    this.pump();
  }

  received(queue: PartitionQueue, newest: IncomingRecord): void {
    this.#fronts.find((front) => front.queue === queue)?.brokerClock.observe(newest.timestampMs);
  }

  pump(): void {
    if (this.#handingOver !== undefined || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    const batch = this.#takeDue();
    if (batch.length === 0) {
      this.#sleepUntilDue();
      return;
    }
    this.#handingOver = this.#handOver(batch).finally(() => {
      this.#handingOver = undefined;
      this.pump();
    });
  }

  /** Aborts a handler that still runs after `timeoutMs` milliseconds. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    for (const front of this.#fronts) {
      front.queue.clear();
      front.head = undefined;
    }
    const giveUp = new AbortController();
    const ended = Promise.all([this.#handingOver, ...this.#burials]);
    await Promise.race([ended, sleep(timeoutMs, giveUp.signal)]);
    giveUp.abort();
    this.#running?.abort(new Error('the drain deadline has passed'));
  }

  #takeDue(): Due<Item>[] {
    const batch: Due<Item>[] = [];
    for (const front of this.#fronts) {
      for (let head = this.#headOf(front); head !== undefined; head = this.#headOf(front)) {
        if (batch.length >= this.#options.maxBatchRecords) break;
        if (head.dueAtMs > front.brokerClock.now()) break;
        batch.push(head);
        front.head = undefined;
      }
    }
    // Another partition is first the next time, so a partition with a backlog does not fill every batch.
    const first = this.#fronts.shift();
    if (first !== undefined) this.#fronts.push(first);
    return batch;
  }

  #headOf(front: Front<Item>): Due<Item> | undefined {
    const { queue } = front;
    while (front.head === undefined) {
      const work = queue.take();
      if (work === undefined) return undefined;
      const dueAtMs = work.record.timestampMs + this.#options.delayMs;
      try {
        front.head = { queue, work, dueAtMs, item: this.#options.decode(work.record, dueAtMs) };
      } catch (error) {
        this.#bury(queue, work, error);
      }
    }
    return front.head;
  }

  #sleepUntilDue(): void {
    const waitsMs = this.#fronts.map(({ head, brokerClock }) =>
      head === undefined ? Infinity : head.dueAtMs - brokerClock.now(),
    );
    const waitMs = Math.min(...waitsMs);
    if (waitMs === Infinity) return;
    this.#timer = setTimeout(() => this.pump(), Math.min(maxSleepMs, Math.ceil(waitMs)));
  }

  async #handOver(batch: readonly Due<Item>[]): Promise<void> {
    const { clock, onHandlerError } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      const ours = batch.filter(({ queue }) => !queue.revoked);
      const startedAtMs = clock.now();
      try {
        if (ours.length > 0) await this.#handle(ours);
        this.#release(ours, startedAtMs);
        return;
      } catch (error) {
        quietly(() => onHandlerError(error, attempt));
      }
      await sleep(backoffMs(attempt, firstBackoffMs, maxBackoffMs), this.#stopping.signal);
      if (this.#stopping.signal.aborted) return; // Not released: the records come again.
    }
  }

  /** Runs the handler. Rejects on an abort, even when the handler returns later. */
  async #handle(batch: readonly Due<Item>[]): Promise<void> {
    const { handle, handlerTimeoutMs } = this.#options;
    const running = new AbortController();
    this.#running = running;
    const cutOff = new Promise<never>((_, reject) => {
      running.signal.addEventListener('abort', () => reject(running.signal.reason as Error));
    });
    const timer = setTimeout(() => {
      running.abort(new Error(`the handler did not return within ${handlerTimeoutMs} ms`));
    }, handlerTimeoutMs);
    try {
      const items = batch.map(({ item }) => item);
      await Promise.race([handle(items, running.signal), cutOff]);
    } finally {
      clearTimeout(timer);
      this.#running = undefined;
    }
  }

  #release(batch: readonly Due<Item>[], handedOverAtMs: number): void {
    const { onLateness, onReleased } = this.#options;
    const queues = new Set<PartitionQueue>();
    for (const { queue, work, dueAtMs } of batch) {
      quietly(() => onLateness(handedOverAtMs - dueAtMs));
      if (queue.revoked) continue;
      queue.release(work);
      queues.add(queue);
    }
    for (const queue of queues) onReleased(queue);
  }

  #bury(queue: PartitionQueue, work: Work, error: unknown): void {
    const { deadLetters, onReleased } = this.#options;
    const [reason, message] =
      error instanceof UndecodableRecordError
        ? [error.reason, error.message]
        : ['DECODING_THREW', error instanceof Error ? error.name : typeof error];
    const burial = deadLetters(work.record, reason, message)
      .then(() => {
        if (queue.revoked) return;
        queue.release(work);
        onReleased(queue);
      })
      .catch(() => undefined) // The sender was stopped and nothing is released: the record comes again.
      .finally(() => this.#burials.delete(burial));
    this.#burials.add(burial);
  }
}

/** Hides a listener's error: the lane would take it for one of the handler. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // The runtime does not depend on listeners.
  }
}

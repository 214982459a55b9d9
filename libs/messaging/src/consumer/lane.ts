import { defined, systemClock, type Clock } from '@action-mesh/kernel';
import type { Assignment, FetchedBatch, KafkaClient } from '../adapter/kafka-client.port.js';
import { messagingPoints } from '../diagnostics.js';
import type { IncomingRecord } from '../wire.js';
import { PartitionQueue } from './partition-queue.js';
import { SupervisedConsumer, type Condition } from './supervised-consumer.js';

export interface LaneOptions {
  readonly topic: string;
  readonly groupId: string;
  readonly fromBeginning: boolean;
  readonly ordered: boolean;
  readonly maxHeldRecords: number;
  readonly maxHeldBytes: number;
  /** Creates the dispatcher that handles the records. It reports each queue with a completed record. */
  readonly dispatcher: (onReleased: (queue: PartitionQueue) => void) => LaneDispatcher;
  readonly onStatus?: (status: LaneStatus) => void;
  readonly clock?: Clock;
}

/** Handles the records that a lane holds, and releases each one when it is complete. */
export interface LaneDispatcher {
  /** Replaces the assigned partitions. All others become revoked and lose their waiting records. */
  assign(queues: readonly PartitionQueue[]): void;
  /** Called before `pump` with the newest record of a fetch, even if that record was fetched before. */
  received?(queue: PartitionQueue, newest: IncomingRecord): void;
  /** Starts every handler that may start. */
  pump(): void;
  /** Ends work that has taken too long. The lane calls it on a timer. */
  expire?(): void;
  /** Starts no more handlers. Resolves when the running ones have ended, or after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

export type LaneCondition = Condition | 'draining';

/** The state of one lane. */
export interface LaneStatus {
  readonly topic: string;
  readonly groupId: string;
  readonly condition: LaneCondition;
  readonly partitions: readonly number[];
  /** Records between the last handled one and the end of the assigned partitions, as of the last fetch. */
  readonly lag: number;
  /** Records held in memory. */
  readonly held: number;
  /** Milliseconds since the lane was last a member of its group; 0 while it is. */
  readonly outForMs: number;
  /** Why the consumer was last replaced. */
  readonly lastError?: string;
}

/** A lane that has been out of its group for longer than this is not live: only a new process can help. */
export const notLiveAfterMs = 120_000;
const tickMs = 250;
/** Milliseconds that a full partition holds up the fetch before it is paused (K5, K6). */
const patienceMs = 20;
const sessionTimeoutMs = 6_000;
/** A heartbeat follows a fetch, so a rebalance is noticed after this and one fetch at most (K8). */
const heartbeatIntervalMs = 500;
/** Each fetch costs CPU here and at the broker, whether or not it brings anything. */
const maxWaitMs = 1_500;

/**
 * Consumes one topic in one group: takes records in, runs their handlers, commits.
 *
 * - M9: intake never waits for a handler. A full partition holds up the fetch for a moment. Then it is paused and its
 *   neighbours go on (K5).
 * - M10: held records are bounded by count and bytes, in even shares for the partitions. One fetch may exceed the
 *   bound.
 * - M11: the lane commits the tracker's low-water mark: on a timer, before a rebalance and at the end (K15).
 * - M12: after a rebalance, partitions of the same member keep their held records, and records that are fetched again
 *   do not run again. All other partitions start over (K9).
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #consumer: SupervisedConsumer;
  readonly #dispatcher: LaneDispatcher;
  readonly #waiting = new Map<PartitionQueue, () => void>();
  readonly #paused = new Set<PartitionQueue>();
  #queues = new Map<number, PartitionQueue>();
  #memberId: string | undefined;
  #draining = false;
  #ticker: NodeJS.Timeout | undefined;
  #committing: Promise<void> | undefined;
  #reported = '';

  constructor(client: KafkaClient, options: LaneOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.#dispatcher = options.dispatcher((queue) => this.#makeRoom(queue));
    this.#consumer = new SupervisedConsumer(
      client,
      {
        topic: options.topic,
        groupId: options.groupId,
        fromBeginning: options.fromBeginning,
        sessionTimeoutMs,
        heartbeatIntervalMs,
        maxWaitMs,
      },
      {
        onAssigned: (assignment) => this.#onAssigned(assignment),
        onBatch: (batch) => this.#onBatch(batch),
        onSkipped: (partition, nextOffset) => this.#queues.get(partition)?.tracker.skipTo(nextOffset),
        onRebalancing: () => void this.#commit(),
      },
      clock,
    );
  }

  get status(): LaneStatus {
    const { topic, groupId } = this.#options;
    const { condition, lastError, outForMs } = this.#consumer;
    const queues = [...this.#queues.values()];
    return {
      topic,
      groupId,
      condition: this.#draining && condition !== 'stopped' ? 'draining' : condition,
      partitions: queues.map(({ partition }) => partition),
      lag: queues.reduce((sum, { lag }) => sum + lag, 0),
      held: queues.reduce((sum, { held }) => sum + held, 0),
      outForMs,
      ...defined({ lastError }),
    };
  }

  start(): void {
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    this.#consumer.start();
  }

  /** Resolves when the consumer has joined the group. */
  joined(): Promise<void> {
    return this.#consumer.joined();
  }

  /**
   * Stops intake, waits for running handlers, commits and leaves the group. Held records without a started handler
   * stay uncommitted.
   */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    this.#consumer.connection?.pause([...this.#queues.keys()]);
    for (const wake of this.#waiting.values()) wake();
    this.#report();
    await this.#dispatcher.stop(timeoutMs);
    clearInterval(this.#ticker);
    await this.#committing;
    await this.#commit();
    await this.#consumer.close();
    this.#report();
  }

  #onAssigned({ memberId, partitions }: Assignment): void {
    const before = memberId === this.#memberId ? this.#queues : new Map<number, PartitionQueue>();
    this.#memberId = memberId;
    const fresh = partitions.filter((partition) => !before.has(partition));
    this.#queues = new Map(
      partitions.map((partition) => [
        partition,
        before.get(partition) ?? new PartitionQueue(partition, this.#options.ordered),
      ]),
    );
    const kept = new Set(this.#queues.values());
    for (const queue of this.#paused) if (!kept.has(queue)) this.#paused.delete(queue);
    for (const [queue, wake] of this.#waiting) if (!kept.has(queue)) wake();
    // The library remembers pauses of partitions that went away and came back.
    if (fresh.length > 0) this.#consumer.connection?.resume(fresh);
    this.#dispatcher.assign([...kept]);
    this.#report();
  }

  #onBatch(batch: FetchedBatch): Promise<void> | undefined {
    const queue = this.#queues.get(batch.partition);
    if (queue === undefined || this.#draining) return undefined;
    const { tracker } = queue;
    if (!tracker.fetchedFrom(batch.fetchedOffset)) {
      this.#consumer.rebuild(`records of partition ${batch.partition} were skipped`);
      return undefined;
    }
    for (const record of batch.records) {
      const offset = Number(record.offset);
      if (tracker.admit(offset)) queue.push(record, offset);
    }
    tracker.skipTo(batch.nextOffset);
    queue.endOffset = batch.endOffset;
    batch.resolve();
    const newest = batch.records.at(-1);
    if (newest !== undefined) this.#dispatcher.received?.(queue, newest);
    this.#dispatcher.pump();
    return this.#isFull(queue, 1) ? this.#waitForRoom(queue) : undefined;
  }

  #isFull(queue: PartitionQueue, fraction: number): boolean {
    const share = fraction / Math.max(1, this.#queues.size);
    return (
      queue.held >= Math.max(1, this.#options.maxHeldRecords * share) ||
      queue.heldBytes >= this.#options.maxHeldBytes * share
    );
  }

  #waitForRoom(queue: PartitionQueue): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(queue);
        resolve();
      };
      const timer = setTimeout(() => {
        if (this.#isFull(queue, 1) && !queue.revoked) {
          this.#paused.add(queue);
          this.#consumer.connection?.pause([queue.partition]);
        }
        wake();
      }, patienceMs);
      this.#waiting.set(queue, wake);
    });
  }

  #makeRoom(queue: PartitionQueue): void {
    const wake = this.#waiting.get(queue);
    if (wake !== undefined && !this.#isFull(queue, 1)) wake();
    // Resumes at half: a resume takes a fetch or two, and handlers need work meanwhile.
    if (this.#paused.has(queue) && !this.#draining && !this.#isFull(queue, 0.5)) {
      this.#paused.delete(queue);
      this.#consumer.connection?.resume([queue.partition]);
    }
  }

  #tick(): void {
    this.#dispatcher.expire?.();
    void this.#commit();
    this.#report();
  }

  /** Runs one commit at a time. The next one repeats a refused commit. Never rejects. */
  #commit(): Promise<void> {
    this.#committing ??= this.#commitNow().finally(() => (this.#committing = undefined));
    return this.#committing;
  }

  async #commitNow(): Promise<void> {
    const points = [...this.#queues.values()].flatMap(({ partition, tracker }) =>
      tracker.commitPoint === undefined ? [] : [{ partition, offset: tracker.commitPoint, tracker }],
    );
    const { connection } = this.#consumer;
    if (points.length === 0 || connection === undefined) return;
    const offsets = points.map(({ partition, offset }) => ({ partition, offset }));
    const { topic, groupId } = this.#options;
    messagingPoints.before_offset_commit.publish(() => ({ topic, groupId, offsets }));
    try {
      await connection.commit(offsets);
      for (const { tracker, offset } of points) tracker.markCommitted(offset);
    } catch {
      // The group rebalances, or its coordinator moved. The records in between may come again.
    }
  }

  #report(): void {
    if (this.#options.onStatus === undefined) return;
    const { status } = this;
    const key = `${status.condition} ${status.partitions.join()} ${status.lastError ?? ''}`;
    if (key === this.#reported) return;
    this.#reported = key;
    try {
      this.#options.onStatus(status);
    } catch {
      // The lane would take a listener's error for a failure of the consumer.
    }
  }
}

import { errorMessage, MeshError, type Clock } from '@action-mesh/kernel';
import { backoffMs } from '../backoff.js';
import { UndecodableRecordError } from '../messaging.errors.js';
import { deadLetter, isOutcome, retry, type Outcome } from '../outcome.js';
import type { IncomingRecord } from '../wire.js';
import type { LaneDispatcher } from './lane.js';
import type { PartitionQueue, Work } from './partition-queue.js';

/** A handler at work on one record. */
export interface RunningHandler {
  readonly outcome: Promise<unknown>;
  /** Tells the handler that its outcome will not be used. */
  readonly abort: (reason: Error) => void;
}

/** Starts the handler of a record. An error that it throws counts as thrown by the handler. */
export type RecordHandler = (record: IncomingRecord, attempt: number) => RunningHandler;

/** Dead-letters a record. Resolves when the broker has the letter. Rejects only when it is stopped. */
export type DeadLetterSink = (record: IncomingRecord, reason: string, message: string) => Promise<void>;

export interface DispatcherOptions {
  readonly concurrency: number;
  readonly handlerTimeoutMs: number;
  /** Most milliseconds from a record's first `retry` until its next run. */
  readonly maxRetryTimeMs: number;
  readonly handle: RecordHandler;
  readonly deadLetters: DeadLetterSink;
  /** Called when a record of the queue is complete. */
  readonly onReleased: (queue: PartitionQueue) => void;
  readonly clock: Clock;
}

interface Run {
  readonly queue: PartitionQueue;
  readonly work: Work;
  readonly startedAtMs: number;
  handler: RunningHandler | undefined;
}

const firstRetryMs = 100;
const maxBackoffMs = 5_000;

/**
 * Runs handlers on held records.
 *
 * - M19: at most `concurrency` handlers run. Half of the slots are divided evenly among the partitions, so a slow
 *   partition never takes all of them (K5).
 * - M20: an error of a handler, or a handler that never returns, affects only its own record (K3, K4).
 * - M21: a record is released only when its handler acknowledged it or its dead letter was acknowledged.
 * - M22: results of a revoked partition's handlers are ignored. The next owner runs the records again.
 */
export class Dispatcher implements LaneDispatcher {
  readonly #options: DispatcherOptions;
  readonly #runs = new Set<Run>();
  readonly #retryTimers = new Set<NodeJS.Timeout>();
  #queues: readonly PartitionQueue[] = [];
  #cursor = 0;
  /** Slots that each partition has for itself. */
  #reserved = 0;
  /** Slots in use beyond the reserved ones. */
  #borrowed = 0;
  #deadLetters = 0;
  #stopped = false;
  #onIdle: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Running handlers and dead letters under way. */
  get busy(): number {
    return this.#runs.size + this.#deadLetters;
  }

  assign(queues: readonly PartitionQueue[]): void {
    for (const queue of this.#queues) {
      if (queues.includes(queue)) continue;
      queue.revoked = true;
      queue.clear();
    }
    this.#queues = queues;
    this.#cursor = 0;
    this.#reserved = queues.length === 0 ? 0 : Math.floor(this.#options.concurrency / (2 * queues.length));
    const withinReserve = queues.reduce((sum, queue) => sum + Math.min(queue.running, this.#reserved), 0);
    this.#borrowed = this.#runs.size - withinReserve;
    this.pump();
  }

  pump(): void {
    const { concurrency } = this.#options;
    let fruitless = 0;
    while (!this.#stopped && this.#runs.size < concurrency && fruitless < this.#queues.length) {
      const queue = this.#queues[this.#cursor];
      this.#cursor = (this.#cursor + 1) % this.#queues.length;
      const work = queue !== undefined && this.#hasSlot(queue) ? queue.take() : undefined;
      if (queue === undefined || work === undefined) {
        fruitless += 1;
        continue;
      }
      fruitless = 0;
      this.#start(queue, work);
    }
  }

  /** Ends handlers that exceed their time. */
  expire(): void {
    const { clock, handlerTimeoutMs } = this.#options;
    const startedBefore = clock.monotonicMs() - handlerTimeoutMs;
    // Runs are in the order of their start.
    for (const run of this.#runs) {
      if (run.startedAtMs > startedBefore) return;
      const message = `the handler did not return within ${handlerTimeoutMs} ms`;
      run.handler?.abort(new Error(message));
      this.#settle(run, deadLetter('HANDLER_TIMEOUT', message));
    }
  }

  /** Aborts handlers that still run after `timeoutMs` milliseconds. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopped = true;
    for (const queue of this.#queues) queue.clear();
    for (const timer of this.#retryTimers) clearTimeout(timer);
    this.#retryTimers.clear();
    if (this.busy === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    for (const run of this.#runs) run.handler?.abort(new Error('the drain deadline has passed'));
  }

  #hasSlot(queue: PartitionQueue): boolean {
    if (queue.running < this.#reserved) return true;
    return this.#borrowed < this.#options.concurrency - this.#reserved * this.#queues.length;
  }

  #start(queue: PartitionQueue, work: Work): void {
    if (queue.running >= this.#reserved) this.#borrowed += 1;
    queue.running += 1;
    const run: Run = { queue, work, startedAtMs: this.#options.clock.monotonicMs(), handler: undefined };
    this.#runs.add(run);
    let handler: RunningHandler;
    try {
      handler = this.#options.handle(work.record, work.attempt);
    } catch (error) {
      // A microtask keeps `pump` from calling itself once per poison record.
      queueMicrotask(() => this.#settle(run, outcomeOfThrown(error)));
      return;
    }
    run.handler = handler;
    handler.outcome.then(
      (outcome) => this.#settle(run, checkedOutcome(outcome)),
      (error: unknown) => this.#settle(run, outcomeOfThrown(error)),
    );
  }

  #settle(run: Run, outcome: Outcome): void {
    if (!this.#runs.delete(run)) return; // The result came after the handler's time.
    const { queue, work } = run;
    queue.running -= 1;
    if (queue.revoked || queue.running >= this.#reserved) this.#borrowed -= 1;
    if (!queue.revoked) this.#conclude(queue, work, outcome);
    this.pump();
    this.#checkIdle();
  }

  #conclude(queue: PartitionQueue, work: Work, outcome: Outcome): void {
    if (outcome.kind === 'ack') this.#release(queue, work);
    else if (outcome.kind === 'retry') this.#runLater(queue, work, outcome.notBefore);
    else this.#bury(queue, work, outcome.reason, outcome.message ?? '');
  }

  #release(queue: PartitionQueue, work: Work): void {
    if (queue.revoked) return;
    queue.release(work);
    this.#options.onReleased(queue);
  }

  #runLater(queue: PartitionQueue, work: Work, notBefore: number | undefined): void {
    if (this.#stopped) return; // Not committed: the record comes again.
    const { maxRetryTimeMs, clock } = this.#options;
    const delayMs =
      notBefore === undefined
        ? backoffMs(work.attempt, firstRetryMs, maxBackoffMs)
        : Math.max(0, notBefore - clock.now());
    const nowMs = clock.monotonicMs();
    work.retryingSinceMs ??= nowMs;
    if (nowMs + delayMs - work.retryingSinceMs > maxRetryTimeMs) {
      this.#bury(
        queue,
        work,
        'RETRIES_EXHAUSTED',
        `the handler asked for retries beyond ${maxRetryTimeMs} ms`,
      );
      return;
    }
    work.attempt += 1;
    this.#after(delayMs, () => {
      if (queue.revoked) return;
      // Timers may fire up to a millisecond early. A retry never runs before its time.
      const leftMs = notBefore === undefined ? 0 : notBefore - clock.now();
      if (leftMs > 0) {
        work.attempt -= 1;
        this.#runLater(queue, work, notBefore);
        return;
      }
      queue.runAgain(work);
      this.pump();
    });
  }

  #after(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#retryTimers.delete(timer);
      run();
    }, delayMs);
    this.#retryTimers.add(timer);
  }

  #bury(queue: PartitionQueue, work: Work, reason: string, message: string): void {
    this.#deadLetters += 1;
    this.#options
      .deadLetters(work.record, reason, message)
      .then(() => this.#release(queue, work))
      .catch(() => undefined) // The sender was stopped and nothing is committed: the record comes again.
      .finally(() => {
        this.#deadLetters -= 1;
        this.pump();
        this.#checkIdle();
      });
  }

  #checkIdle(): void {
    if (this.busy === 0) this.#onIdle?.();
  }
}

function checkedOutcome(outcome: unknown): Outcome {
  return isOutcome(outcome)
    ? outcome
    : deadLetter('HANDLER_RETURNED_NO_OUTCOME', 'the handler returned no outcome');
}

/** Retries an error that says it may pass. Every other error makes a dead letter. */
function outcomeOfThrown(thrown: unknown): Outcome {
  if (thrown instanceof UndecodableRecordError) return deadLetter(thrown.reason, thrown.message);
  if (thrown instanceof MeshError && thrown.retry === 'retryable') return retry();
  if (thrown instanceof MeshError) return deadLetter(thrown.code, thrown.message);
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return deadLetter('HANDLER_THREW', `${name}: ${errorMessage(thrown)}`);
}

import { recordBytes, type IncomingRecord } from '../wire.js';
import { OffsetTracker } from './offset-tracker.js';

/** One held record, from admission to completion. */
export interface Work {
  readonly record: IncomingRecord;
  readonly offset: number;
  readonly bytes: number;
  /** Records with the same key run one after the other. Undefined for a record without an order. */
  readonly orderKey: string | undefined;
  /** The number of earlier runs of its handler. */
  attempt: number;
  /** Monotonic time of its first `retry`. */
  retryingSinceMs?: number;
}

/** Taken records that may stay at the front of the array before it is copied. */
const compactAfter = 1_024;

/**
 * The held records of one partition during one assignment. The queue keeps records with equal keys in order and lets
 * all others pass.
 *
 * - M17: at most one record of each key is out (taken and not released), and records of a key go out in the order of
 *   their arrival.
 * - M18: `held` and `heldBytes` count every record from `push` to `release`.
 */
export class PartitionQueue {
  readonly tracker = new OffsetTracker();
  /** Taken records with a running handler. */
  running = 0;
  held = 0;
  heldBytes = 0;
  /** Whether the partition was revoked. Its running handlers finish, and their results are ignored. */
  revoked = false;
  /** The end of the partition as of the last fetch. */
  endOffset = 0;
  readonly partition: number;
  readonly #ordered: boolean;
  #queue: Work[] = [];
  #head = 0;
  /** Records that go before the queue: retries, and the next records of keys that became free. */
  #ready: Work[] = [];
  /** Keys that are out, each with its waiting records. */
  readonly #out = new Map<string, Work[] | undefined>();

  constructor(partition: number, ordered: boolean) {
    this.partition = partition;
    this.#ordered = ordered;
  }

  push(record: IncomingRecord, offset: number): void {
    const bytes = recordBytes(record);
    const orderKey = this.#ordered && record.key !== null ? record.key.toString('latin1') : undefined;
    this.#queue.push({ record, offset, bytes, orderKey, attempt: 0 });
    this.held += 1;
    this.heldBytes += bytes;
  }

  /** The next record that may run now. */
  take(): Work | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    for (let work = this.#shift(); work !== undefined; work = this.#shift()) {
      if (work.orderKey === undefined) return work;
      if (!this.#out.has(work.orderKey)) {
        this.#out.set(work.orderKey, undefined);
        return work;
      }
      const waiting = this.#out.get(work.orderKey);
      if (waiting === undefined) this.#out.set(work.orderKey, [work]);
      else waiting.push(work);
    }
    return undefined;
  }

  /** Puts a taken record before all others. Its key stays out. */
  runAgain(work: Work): void {
    this.#ready.push(work);
  }

  /** Completes a record: its offset is complete and its key is free. */
  release(work: Work): void {
    this.held -= 1;
    this.heldBytes -= work.bytes;
    this.tracker.complete(work.offset);
    if (work.orderKey === undefined) return;
    const waiting = this.#out.get(work.orderKey);
    const next = waiting?.shift();
    if (next === undefined) this.#out.delete(work.orderKey);
    else this.#ready.push(next);
  }

  /** Drops all records that were not taken. They stay uncommitted and come again, here or elsewhere. */
  clear(): void {
    this.#queue = [];
    this.#head = 0;
    this.#ready = [];
    this.#out.clear();
  }

  /** Records between the last handled one and the end of the partition. */
  get lag(): number {
    return Math.max(0, this.endOffset - (this.tracker.lowWater ?? this.endOffset));
  }

  #shift(): Work | undefined {
    const work = this.#queue[this.#head];
    if (work === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head >= compactAfter) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return work;
  }
}

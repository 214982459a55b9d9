import { recordBytes, type IncomingRecord } from '../wire.js';
import { OffsetTracker } from './offset-tracker.js';

/** One record that is held, from admission until it is dealt with. */
export interface Work {
  readonly record: IncomingRecord;
  readonly offset: number;
  readonly bytes: number;
  /** What the record must not overtake; undefined where it is free. */
  readonly orderKey: string | undefined;
  /** How often its handler ran before. */
  attempt: number;
  /** Monotonic time of its first `retry`. */
  retryingSinceMs?: number;
}

/** Taken records that may stay at the front of the array until it is copied. */
const COMPACT_AFTER = 1_024;

/**
 * What is held of one partition, for one time that it is ours: a queue that keeps records with equal keys in order and
 * lets all others pass.
 *
 * - M17: of the records with one key at most one is out (taken and not released), and they go out in the order they came.
 * - M18: `held` and `heldBytes` count every record from `push` until `release`.
 */
export class PartitionQueue {
  readonly tracker = new OffsetTracker();
  /** Records taken whose handler runs. */
  running = 0;
  held = 0;
  heldBytes = 0;
  /** Not ours any more: what still runs for it is finished, and its result ignored. */
  revoked = false;
  /** End of the partition as of the last fetch. */
  endOffset = 0;
  readonly partition: number;
  readonly #ordered: boolean;
  #queue: Work[] = [];
  #head = 0;
  /** Records that go before the queue: run again, or next in line for a key that became free. */
  #ready: Work[] = [];
  /** Keys that are out, with the records that wait for them. */
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

  /** Puts a record that was taken before all others; its key stays out. */
  runAgain(work: Work): void {
    this.#ready.push(work);
  }

  /** The record is dealt with: its offset is complete and its key free. */
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

  /** Forgets what was not taken; it stays uncommitted and comes again, here or elsewhere. */
  clear(): void {
    this.#queue = [];
    this.#head = 0;
    this.#ready = [];
    this.#out.clear();
  }

  /** Records behind the end of the partition. */
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
    } else if (this.#head >= COMPACT_AFTER) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return work;
  }
}

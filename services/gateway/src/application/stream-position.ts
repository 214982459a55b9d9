import { writeStreamCursor, type StreamCursor } from '../domain/stream-cursor.js';
import type { LoggedOutcome } from './outcome-log.port.js';

/** The moving position of a reader in the log, with its cursor. */
export class StreamPosition {
  readonly #identity: string;
  readonly #next: Map<number, number>;
  #atMs: number;
  #newest: number | undefined;
  #cursor: string | undefined;

  constructor(
    identity: string,
    next: Iterable<readonly [partition: number, offset: number]>,
    atMs: number,
    newest?: number,
  ) {
    this.#identity = identity;
    this.#next = new Map(next);
    this.#atMs = atMs;
    this.#newest = newest;
  }

  static of({ identity, positions, atMs, newest }: StreamCursor): StreamPosition {
    return new StreamPosition(identity, positions.entries(), atMs, newest);
  }

  get next(): ReadonlyMap<number, number> {
    return this.#next;
  }

  /** The stamp of the newest passed record, or the time of the beginning. */
  get atMs(): number {
    return this.#atMs;
  }

  /** The last passed record, whose stamp is `atMs`. */
  get newest(): { readonly partition: number; readonly offset: number } | undefined {
    const partition = this.#newest;
    const next = partition === undefined ? 0 : this.offsetOf(partition);
    return partition === undefined || next === 0 ? undefined : { partition, offset: next - 1 };
  }

  /** The offset of the next record of a partition. A new partition begins at 0. */
  offsetOf(partition: number): number {
    return this.#next.get(partition) ?? 0;
  }

  /** Moves behind a record. False: the reader has passed it before. */
  pass({ partition, offset, atMs }: LoggedOutcome): boolean {
    if (offset < this.offsetOf(partition)) return false;
    this.#next.set(partition, offset + 1);
    this.#atMs = atMs;
    this.#newest = partition;
    this.#cursor = undefined;
    return true;
  }

  /** Moves past offsets that hold no record any more. */
  skipTo(partition: number, offset: number): void {
    if (offset <= this.offsetOf(partition)) return;
    this.#next.set(partition, offset);
    if (this.#newest === partition) this.#newest = undefined;
    this.#cursor = undefined;
  }

  /** Begins again at other offsets. */
  restart(next: Iterable<readonly [partition: number, offset: number]>): void {
    this.#next.clear();
    for (const [partition, offset] of next) this.#next.set(partition, offset);
    this.#newest = undefined;
    this.#cursor = undefined;
  }

  /** The number of offsets up to the given ones. */
  behind(next: ReadonlyMap<number, number>): number {
    let count = 0;
    for (const [partition, offset] of next) count += Math.max(0, offset - this.offsetOf(partition));
    return count;
  }

  /** Whether the other position is at the same place or further, in every partition. */
  isWithin(other: StreamPosition): boolean {
    for (const [partition, offset] of this.#next) if (offset > other.offsetOf(partition)) return false;
    return true;
  }

  /** The text from which another reader continues at this position. */
  cursor(): string {
    return (this.#cursor ??= writeStreamCursor({
      identity: this.#identity,
      positions: Array.from({ length: this.#count() }, (_, partition) => this.offsetOf(partition)),
      atMs: this.#atMs,
      newest: this.#newest,
    }));
  }

  #count(): number {
    return Math.max(-1, ...this.#next.keys()) + 1;
  }
}

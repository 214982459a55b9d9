import type { LoggedOutcome } from './outcome-log.port.js';

/** The bounds of a tape. */
export interface TapeLimits {
  readonly maxRecords: number;
  /** The most bytes of outcomes. */
  readonly maxBytes: number;
}

/**
 * The newest records of the log in memory, in the order of their arrival. A reader that was away for a short time
 * continues from here, without Kafka.
 *
 * - OT1: the tape holds every record from its floor to its end.
 * - OT2: the tape stays within its limits. It drops the oldest records first, and the floor rises.
 */
export class OutcomeTape {
  readonly #limits: TapeLimits;
  #records: (LoggedOutcome | undefined)[] = [];
  /** The index of the oldest record in `#records`. */
  #head = 0;
  #bytes = 0;
  #nextSequence = 0;
  #floor = new Map<number, number>();

  constructor(limits: TapeLimits) {
    this.#limits = limits;
  }

  /** The sequence number of the oldest record. Numbers follow the order of arrival. */
  get firstSequence(): number {
    return this.#nextSequence - (this.#records.length - this.#head);
  }

  /** The sequence number of the next record. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Empties the tape. The next records are those from the given offsets on. */
  start(floor: ReadonlyMap<number, number>): void {
    this.#records = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#floor = new Map(floor);
  }

  push(outcome: LoggedOutcome): void {
    this.#records.push(outcome);
    this.#bytes += outcome.json.length;
    this.#nextSequence += 1;
    while (
      this.#records.length - this.#head > this.#limits.maxRecords ||
      (this.#bytes > this.#limits.maxBytes && this.#records.length - this.#head > 1)
    ) {
      this.#dropOldest();
    }
  }

  at(sequence: number): LoggedOutcome | undefined {
    const index = this.#head + sequence - this.firstSequence;
    return index < this.#head ? undefined : this.#records[index];
  }

  /** Whether the tape holds every record from these positions on. */
  covers(offsetOf: (partition: number) => number): boolean {
    for (const [partition, floor] of this.#floor) if (offsetOf(partition) < floor) return false;
    return true;
  }

  /** The sequence number from which a reader at these positions reads on. It needs no earlier record. */
  sequenceFrom(offsetOf: (partition: number) => number, needed: number): number {
    let left = needed;
    let sequence = this.#nextSequence;
    while (left > 0 && sequence > this.firstSequence) {
      const outcome = this.at(sequence - 1);
      if (outcome !== undefined && outcome.offset >= offsetOf(outcome.partition)) left -= 1;
      sequence -= 1;
    }
    return sequence;
  }

  #dropOldest(): void {
    const oldest = this.#records[this.#head];
    if (oldest === undefined) return;
    this.#floor.set(oldest.partition, oldest.offset + 1);
    this.#bytes -= oldest.json.length;
    this.#head += 1;
    this.#records[this.#head - 1] = undefined;
    // The array shrinks rarely, so that a drop is cheap.
    if (this.#head * 2 < this.#records.length || this.#head < 1_000) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}

import type { OutcomeHead } from '../domain/outcome-filter.js';
import type { LogExtent, LoggedOutcome, OutcomeLog, ReplayReader } from './outcome-log.port.js';

/** An outcome that counts how often it is parsed. */
export class FakeLoggedOutcome implements LoggedOutcome {
  readonly partition: number;
  readonly offset: number;
  readonly atMs: number;
  readonly json: Buffer;
  readonly #head: OutcomeHead | undefined;
  timesRead = 0;

  constructor(partition: number, offset: number, head: OutcomeHead | undefined, atMs: number) {
    this.partition = partition;
    this.offset = offset;
    this.atMs = atMs;
    this.json = Buffer.from(JSON.stringify(head ?? null));
    this.#head = head;
  }

  get head(): OutcomeHead | undefined {
    this.timesRead += 1;
    return this.#head;
  }

  mayBelongTo(tenantId: string): boolean {
    return this.#head?.tenantId === tenantId;
  }
}

/** A log in memory. A test appends records, and gives them to a gateway when it wants. */
export class FakeOutcomeLog implements OutcomeLog {
  readonly records: FakeLoggedOutcome[][];
  /** The first held offset of each partition. */
  readonly starts: number[];
  identity = 'aaaaaaaaaaaa';
  /** What the gateway has read. */
  readonly read: number[];
  failure: Error | undefined;
  /** The starts of all replays. */
  readonly replays: ReadonlyMap<number, number>[] = [];
  replaysNow = 0;
  mostReplays = 0;
  /** Called before each batch of a replay. */
  beforeBatch: () => Promise<void> | void = () => undefined;
  readonly batch: number;

  constructor(partitions = 2, batch = 3) {
    this.records = Array.from({ length: partitions }, () => []);
    this.starts = Array.from({ length: partitions }, () => 0);
    this.read = Array.from({ length: partitions }, () => 0);
    this.batch = batch;
  }

  append(partition: number, head: OutcomeHead | undefined, atMs = 1_000_000): FakeLoggedOutcome {
    const records = this.records[partition] ?? [];
    const outcome = new FakeLoggedOutcome(partition, records.length, head, atMs + records.length);
    records.push(outcome);
    return outcome;
  }

  positions(): ReadonlyMap<number, number> {
    return new Map(this.read.entries());
  }

  extent(): Promise<LogExtent> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const ranges = this.records.map(
      (records, partition) =>
        [partition, { start: this.starts[partition] ?? 0, end: records.length }] as const,
    );
    return Promise.resolve({ identity: this.identity, ranges: new Map(ranges) });
  }

  /** The records that the gateway has not read, one of each partition in turn. It counts them as read. */
  *unread(): Iterable<FakeLoggedOutcome> {
    for (let found = true; found; ) {
      found = false;
      for (const [partition, records] of this.records.entries()) {
        const outcome = records[this.read[partition] ?? 0];
        if (outcome === undefined) continue;
        found = true;
        this.read[partition] = outcome.offset + 1;
        yield outcome;
      }
    }
  }

  async replay(from: ReadonlyMap<number, number>, reader: ReplayReader, signal: AbortSignal): Promise<void> {
    this.replays.push(from);
    this.replaysNow += 1;
    this.mostReplays = Math.max(this.mostReplays, this.replaysNow);
    const next = new Map(from);
    while (!signal.aborted) {
      for (const [partition, records] of this.records.entries()) {
        await this.beforeBatch();
        await new Promise((resolve) => setImmediate(resolve));
        if (hasEnded(signal)) break;
        const start = Math.max(next.get(partition) ?? 0, this.starts[partition] ?? 0);
        const outcomes = records.slice(start, start + this.batch);
        const taken = outcomes.length > 0 ? reader.take(outcomes) : undefined;
        next.set(partition, start + outcomes.length);
        reader.moved(next);
        await taken;
      }
    }
    this.replaysNow -= 1;
  }
}

/** Read after a wait, in which the signal may have changed. */
function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted;
}

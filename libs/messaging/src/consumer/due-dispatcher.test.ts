import { systemClock } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { waitFor } from '@action-mesh/testing';

import { fakeRecord } from '../adapter/kafka-client.fake.js';
import { UndecodableRecordError } from '../messaging.errors.js';
import { DueDispatcher, type DueDispatcherOptions } from './due-dispatcher.js';
import { PartitionQueue } from './partition-queue.js';

const delayMs = 5_000;
/** The delay plus the most that our clock may have run too fast meanwhile. */
const overMs = delayMs + 2;

interface Batch {
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
  take(): void;
  reject(error?: Error): void;
}

let harness: Harness;

class Harness {
  readonly clock = new FakeClock();
  readonly batches: Batch[] = [];
  readonly latenessesMs: number[] = [];
  readonly errors: string[] = [];
  readonly letters: string[] = [];
  acknowledgeLetters: Promise<void> = Promise.resolve();
  readonly dispatcher: DueDispatcher<string>;
  readonly queues: PartitionQueue[];

  constructor(partitions = 1, options: Partial<DueDispatcherOptions<string>> = {}) {
    this.dispatcher = new DueDispatcher({
      delayMs: delayMs,
      maxBatchRecords: 100,
      handlerTimeoutMs: 60_000,
      decode: ({ partition, offset, value }) => {
        if (value?.length === 0) throw new UndecodableRecordError('INVALID_JSON', 'the value is not JSON');
        return `${partition}/${offset}`;
      },
      handle: (ids, signal) =>
        new Promise((resolve, reject) => {
          this.batches.push({
            ids,
            signal,
            take: resolve,
            reject: (error = new Error('no')) => reject(error),
          });
        }),
      onLateness: (lateMs) => this.latenessesMs.push(lateMs),
      onHandlerError: (error, attempt) => this.errors.push(`${attempt} ${String(error)}`),
      deadLetters: async ({ partition, offset }, reason) => {
        await this.acknowledgeLetters;
        this.letters.push(`${partition}/${offset} ${reason}`);
      },
      onReleased: () => undefined,
      clock: this.clock,
      ...options,
    });
    this.queues = Array.from({ length: partitions }, (_, partition) => new PartitionQueue(partition, false));
    this.dispatcher.assign(this.queues);
  }

  /** Appends a record that the broker stamps now. */
  append(partition = 0, { decodable = true, stampMs = this.clock.now() } = {}): void {
    const queue = this.queues[partition] as PartitionQueue;
    queue.tracker.fetchedFrom(0);
    const offset = queue.tracker.position ?? 0;
    queue.tracker.admit(offset);
    const record = {
      ...fakeRecord('t', partition, offset),
      timestampMs: stampMs,
      ...(decodable ? {} : { value: Buffer.alloc(0) }),
    };
    queue.push(record, offset);
    this.dispatcher.received(queue, record);
    this.dispatcher.pump();
  }

  pass(ms: number): void {
    this.clock.advance(ms);
    this.dispatcher.pump();
  }

  get handedOver(): string[] {
    return this.batches.flatMap(({ ids }) => ids);
  }

  open(partition = 0): number {
    return this.queues[partition]?.tracker.open ?? 0;
  }
}

afterEach(() => harness.dispatcher.stop(0));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('DueDispatcher', () => {
  it('hands no record over before its time, and then all due records at once (M33, I6)', () => {
    harness = new Harness();
    harness.append();
    harness.pass(10);
    harness.append();
    harness.append();
    harness.pass(delayMs - 11);
    expect(harness.batches).toEqual([]);
    harness.pass(2);
    expect(harness.handedOver).toEqual(['0/0']);
    harness.pass(12);
    expect(harness.handedOver).toEqual(['0/0']);
    harness.batches[0]?.take();
    return waitFor(() => harness.batches[1]?.ids.join() === '0/1,0/2', { what: 'the second batch' });
  });

  it('uses the clock of the broker when it is behind ours (M33, I6)', () => {
    harness = new Harness();
    const behindMs = 40;
    harness.append(0, { stampMs: harness.clock.now() - behindMs });
    harness.pass(delayMs - 1);
    expect(harness.batches).toEqual([]);
    harness.pass(3);
    expect(harness.handedOver).toEqual(['0/0']);
  });

  it('sets its own timer for the next due record', async () => {
    const startedAtMs = Date.now();
    harness = new Harness(1, { clock: systemClock, delayMs: 40 });
    harness.append(0, { stampMs: startedAtMs });
    await waitFor(() => harness.batches.length === 1, { what: 'the record to fall due' });
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(40);
  });

  it('holds later records behind one batch, and hands a rejected batch over again first (M34)', async () => {
    harness = new Harness();
    harness.append();
    harness.pass(1);
    harness.append();
    harness.pass(delayMs);
    harness.pass(10);
    harness.batches[0]?.reject(new Error('the database is away'));
    await waitFor(() => harness.batches.length === 2, { what: 'the batch to come again' });
    expect(harness.batches[1]?.ids).toEqual(harness.batches[0]?.ids);
    expect(harness.errors).toEqual(['0 Error: the database is away']);
    expect(harness.open()).toBe(2);
    harness.batches[1]?.take();
    await waitFor(() => harness.open() === 2 - (harness.batches[1]?.ids.length ?? 0), {
      what: 'the release',
    });
  });

  it('backs off from a handler that keeps rejecting (M34)', async () => {
    const triedAtMs: number[] = [];
    harness = new Harness(1, {
      clock: systemClock,
      delayMs: 0,
      handle: () => {
        triedAtMs.push(performance.now());
        return triedAtMs.length < 4 ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    harness.append(0, { stampMs: 0 });
    await waitFor(() => harness.open() === 0, { what: 'the fourth attempt' });
    const [first = 0, , third = 0, fourth = 0] = triedAtMs;
    // At least half of 50, 100 and 200 ms.
    expect(third - first).toBeGreaterThan(70);
    expect(fourth - third).toBeGreaterThan(95);
  });

  it('releases a record only when the handler took its batch (M35, I7)', async () => {
    harness = new Harness();
    harness.append();
    harness.pass(delayMs + 7);
    expect(harness.open()).toBe(1);
    harness.batches[0]?.take();
    await turn();
    expect(harness.open()).toBe(0);
    expect(harness.latenessesMs).toEqual([7]);
  });

  it('dead-letters an undecodable record at once, and releases it on acknowledgement (M35)', async () => {
    harness = new Harness();
    let acknowledge: () => void = () => undefined;
    harness.acknowledgeLetters = new Promise((resolve) => (acknowledge = resolve));
    harness.append(0, { decodable: false });
    harness.append();
    await turn();
    expect(harness.open()).toBe(2);
    acknowledge();
    await turn();
    expect(harness.letters).toEqual(['0/0 INVALID_JSON']);
    expect(harness.open()).toBe(1);
    harness.pass(overMs);
    expect(harness.handedOver).toEqual(['0/1']);
  });

  it("ignores the handler's result for a revoked partition (M36)", async () => {
    harness = new Harness(2);
    harness.append(0);
    harness.append(1);
    harness.append(0);
    harness.pass(overMs);
    expect(harness.handedOver.sort()).toEqual(['0/0', '0/1', '1/0']);
    harness.dispatcher.assign(harness.queues.slice(1));
    harness.batches[0]?.reject();
    await waitFor(() => harness.batches.length === 2, { what: 'the rest to come again' });
    expect(harness.batches[1]?.ids).toEqual(['1/0']);
    harness.batches[1]?.take();
    await turn();
    expect([harness.open(0), harness.open(1)]).toEqual([2, 0]);
  });

  it('moves no offset of a partition that was revoked during its handler (M36)', async () => {
    harness = new Harness();
    harness.append();
    harness.pass(overMs);
    harness.dispatcher.assign([]);
    harness.batches[0]?.take();
    await turn();
    expect(harness.open()).toBe(1);
  });

  it('does not let one partition fill every batch', async () => {
    harness = new Harness(2, { maxBatchRecords: 3 });
    for (let n = 0; n < 9; n += 1) harness.append(0);
    harness.append(1);
    harness.pass(overMs);
    harness.batches[0]?.take();
    await waitFor(() => harness.batches.length === 2, { what: 'the second batch' });
    expect(harness.batches.map(({ ids }) => ids.length)).toEqual([3, 3]);
    expect(harness.handedOver).toContain('1/0');
  });

  it('cuts off a handler that does not return, and hands the records over again (M34)', async () => {
    harness = new Harness(1, { handlerTimeoutMs: 30 });
    harness.append();
    harness.pass(overMs);
    await waitFor(() => harness.batches.length === 2, { what: 'the second attempt' });
    expect(harness.batches[0]?.signal.aborted).toBe(true);
    expect(harness.errors).toEqual(['0 Error: the handler did not return within 30 ms']);
  });

  it('stops: waits for the handler, releases its records, and hands no more over', async () => {
    harness = new Harness();
    harness.append();
    harness.pass(100);
    harness.append();
    harness.pass(delayMs - 50);
    expect(harness.handedOver).toEqual(['0/0']);
    const stopped = harness.dispatcher.stop(10_000);
    harness.batches[0]?.take();
    await stopped;
    harness.pass(delayMs);
    expect(harness.handedOver).toEqual(['0/0']);
    expect(harness.open()).toBe(1);
  });

  it('stops: aborts a handler after its time to end, and releases nothing', async () => {
    harness = new Harness();
    harness.append();
    harness.pass(overMs);
    await harness.dispatcher.stop(10);
    expect(harness.batches[0]?.signal.aborted).toBe(true);
    await turn();
    expect(harness.open()).toBe(1);
  });

  it('goes on when a listener throws', async () => {
    const throwing = (): never => {
      throw new Error('not mine');
    };
    harness = new Harness(1, { onLateness: throwing, onHandlerError: throwing });
    harness.append();
    harness.pass(overMs);
    harness.batches[0]?.reject();
    await waitFor(() => harness.batches.length === 2, { what: 'the second attempt' });
    harness.batches[1]?.take();
    await waitFor(() => harness.open() === 0, { what: 'the release' });
  });
});

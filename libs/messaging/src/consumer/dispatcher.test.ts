import { MeshError, type RetryClass } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';

import { fakeRecord } from '../adapter/kafka-client.fake.js';
import { ack, retry } from '../outcome.js';
import { Dispatcher, type DispatcherOptions } from './dispatcher.js';
import { PartitionQueue } from './partition-queue.js';

interface Started {
  readonly id: string;
  readonly attempt: number;
  finish(outcome: unknown): void;
  fail(error: unknown): void;
  aborted: boolean;
}

class Harness {
  readonly clock = new FakeClock();
  readonly started: Started[] = [];
  readonly letters: string[] = [];
  acknowledgeLetters: Promise<void> = Promise.resolve();
  readonly dispatcher: Dispatcher;
  readonly queues: PartitionQueue[];

  constructor(partitions: number, options: Partial<DispatcherOptions> = {}) {
    this.dispatcher = new Dispatcher({
      concurrency: 8,
      handlerTimeoutMs: 1_000,
      maxRetryTimeMs: 10_000,
      handle: (record, attempt) => {
        let finish: (outcome: unknown) => void = () => undefined;
        let fail: (error: unknown) => void = () => undefined;
        const outcome = new Promise((resolve, reject) => {
          finish = resolve;
          fail = reject;
        });
        const started: Started = {
          id: `${record.partition}/${record.offset}`,
          attempt,
          finish,
          fail,
          aborted: false,
        };
        this.started.push(started);
        return { outcome, abort: () => void (started.aborted = true) };
      },
      deadLetters: async (record, reason) => {
        await this.acknowledgeLetters;
        this.letters.push(`${record.partition}/${record.offset} ${reason}`);
      },
      onReleased: () => undefined,
      clock: this.clock,
      ...options,
    });
    this.queues = Array.from({ length: partitions }, (_, partition) => new PartitionQueue(partition, true));
    this.dispatcher.assign(this.queues);
  }

  enqueue(partition: number, count: number): void {
    const queue = this.queues[partition] as PartitionQueue;
    queue.tracker.fetchedFrom(0);
    for (let n = 0; n < count; n += 1) {
      const offset = queue.tracker.position ?? 0;
      queue.tracker.admit(offset);
      queue.push(fakeRecord('t', partition, offset), offset);
    }
    this.dispatcher.pump();
  }

  start(id: string): Started {
    return this.started.find((started) => started.id === id) as Started;
  }

  open(partition = 0): number {
    return this.queues[partition]?.tracker.open ?? 0;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class DatabaseDownError extends MeshError {
  readonly code = 'TEST_DATABASE_DOWN';
  readonly retry: RetryClass = 'retryable';
}

class BadInputError extends MeshError {
  readonly code = 'TEST_BAD_INPUT';
  readonly retry: RetryClass = 'terminal';
}

describe('Dispatcher', () => {
  it('keeps slots for every partition, however slow another one is (M19, K5)', () => {
    const harness = new Harness(2, { concurrency: 8 });
    harness.enqueue(0, 100);
    // Two reserved slots of its own, and all four shared ones.
    expect(harness.started).toHaveLength(6);
    harness.enqueue(1, 100);
    expect(harness.started.filter(({ id }) => id.startsWith('1/'))).toHaveLength(2);
    expect(harness.started).toHaveLength(8);
  });

  it('gives slots back', async () => {
    const harness = new Harness(2, { concurrency: 4 });
    harness.enqueue(0, 50);
    harness.enqueue(1, 50);
    for (let done = 0; done < 100; done += 1) {
      harness.started[done]?.finish(ack);
      await turn();
    }
    expect(harness.started).toHaveLength(100);
    expect([harness.open(0), harness.open(1), harness.dispatcher.busy]).toEqual([0, 0, 0]);
  });

  it.each([
    ['a TypeError', new TypeError('x is undefined'), 'HANDLER_THREW'],
    ['a string', 'no', 'HANDLER_THREW'],
    ['undefined', undefined, 'HANDLER_THREW'],
    ['a terminal error of ours', new BadInputError('bad'), 'TEST_BAD_INPUT'],
  ])(
    'dead-letters the record of a handler that throws %s, and releases it then (M20, M21, K3, K4)',
    async (_, error, code) => {
      const harness = new Harness(1);
      let acknowledge = (): void => undefined;
      harness.acknowledgeLetters = new Promise((resolve) => (acknowledge = resolve));
      harness.enqueue(0, 2);
      harness.start('0/0').fail(error);
      harness.start('0/1').finish(ack);
      await turn();
      expect(harness.queues[0]?.tracker.commitPoint).toBeUndefined();
      acknowledge();
      await turn();
      expect(harness.letters).toEqual([`0/0 ${code}`]);
      expect(harness.queues[0]?.tracker.commitPoint).toBe(2);
    },
  );

  it('dead-letters the record of a handler that throws at once, or returns anything but an outcome', async () => {
    const thrower = new Harness(1, {
      handle: () => {
        throw new RangeError('at once');
      },
    });
    thrower.enqueue(0, 1_000);
    await turn();
    await turn();
    expect(thrower.letters).toHaveLength(1_000);

    const harness = new Harness(1);
    harness.enqueue(0, 1);
    harness.start('0/0').finish({ kind: 'retry', notBefore: 'soon' });
    await turn();
    expect(harness.letters).toEqual(['0/0 HANDLER_RETURNED_NO_OUTCOME']);
  });

  it('gives up a handler that never returns, and ignores a late return (M20)', async () => {
    const harness = new Harness(1, { concurrency: 1 });
    harness.enqueue(0, 2);
    harness.clock.advance(999);
    harness.dispatcher.expire();
    expect(harness.start('0/0').aborted).toBe(false);
    harness.clock.advance(1);
    harness.dispatcher.expire();
    expect(harness.start('0/0').aborted).toBe(true);
    await turn();
    expect(harness.letters).toEqual(['0/0 HANDLER_TIMEOUT']);
    expect(harness.started).toHaveLength(2);
    harness.start('0/0').finish(ack);
    harness.start('0/1').finish(ack);
    await turn();
    expect(harness.letters).toHaveLength(1);
    expect(harness.dispatcher.busy).toBe(0);
  });

  it('retries after a retryable error, and gives up when the time is over', async () => {
    const harness = new Harness(1, { maxRetryTimeMs: 1_000 });
    harness.enqueue(0, 1);
    harness.start('0/0').fail(new DatabaseDownError('down'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(harness.started.map(({ attempt }) => attempt)).toEqual([0, 1]);
    harness.clock.advance(2_000);
    harness.started[1]?.finish(retry());
    await turn();
    expect(harness.letters).toEqual(['0/0 RETRIES_EXHAUSTED']);
  });

  it('does not wait for a retry beyond the retry time', async () => {
    const harness = new Harness(1);
    harness.enqueue(0, 1);
    harness.start('0/0').finish(retry(harness.clock.now() + 60_000));
    await turn();
    expect(harness.letters).toEqual(['0/0 RETRIES_EXHAUSTED']);
  });

  it('ignores the results of handlers of a revoked partition (M22)', async () => {
    const harness = new Harness(2);
    harness.enqueue(0, 1);
    harness.enqueue(1, 1);
    harness.dispatcher.assign(harness.queues.slice(1));
    harness.start('0/0').fail(new Error('nobody cares'));
    harness.start('1/0').finish(ack);
    await turn();
    expect(harness.letters).toEqual([]);
    expect(harness.open(0)).toBe(1);
    expect(harness.open(1)).toBe(0);
  });

  it('counts the slots of revoked handlers until they end', async () => {
    const harness = new Harness(2, { concurrency: 4 });
    harness.enqueue(0, 10);
    expect(harness.started).toHaveLength(3);
    harness.dispatcher.assign(harness.queues.slice(1));
    harness.enqueue(1, 10);
    expect(harness.started).toHaveLength(4);
    for (const started of harness.started.slice(0, 3)) started.finish(ack);
    await turn();
    expect(harness.started).toHaveLength(7);
  });

  it('stops: starts no more handlers, waits for running ones, aborts them at the deadline', async () => {
    const harness = new Harness(1, { concurrency: 2 });
    harness.enqueue(0, 5);
    const stopped = harness.dispatcher.stop(50);
    harness.start('0/0').finish(ack);
    await stopped;
    expect(harness.started).toHaveLength(2);
    expect(harness.start('0/1').aborted).toBe(true);
    expect(harness.queues[0]?.tracker.lowWater).toBe(1);
  });
});

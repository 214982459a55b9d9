import { systemClock } from '@action-mesh/kernel';

import { FakeKafkaClient, type FakeConsumer } from '../adapter/kafka-client.fake.js';
import { ack, type Outcome } from '../outcome.js';
import { Dispatcher } from './dispatcher.js';
import { Lane, type LaneOptions } from './lane.js';

interface Run {
  readonly partition: number;
  readonly offset: number;
  finish(outcome?: Outcome): void;
}

let lane: Lane;
let client: FakeKafkaClient;
let runs: Run[];

function start(options: Partial<LaneOptions> = {}): FakeConsumer {
  client = new FakeKafkaClient({ t: 4 });
  runs = [];
  lane = new Lane(client, {
    topic: 't',
    groupId: 'g',
    fromBeginning: true,
    ordered: false,
    maxHeldRecords: 1_000,
    maxHeldBytes: 1_000_000,
    dispatcher: (onReleased) =>
      new Dispatcher({
        concurrency: 100,
        maxRetryTimeMs: 1_000,
        handlerTimeoutMs: 10_000,
        handle: ({ partition, offset }) => {
          let finish: (outcome: Outcome) => void = () => undefined;
          const outcome = new Promise<Outcome>((resolve) => (finish = resolve));
          runs.push({ partition, offset: Number(offset), finish: (done = ack) => finish(done) });
          return { outcome, abort: () => undefined };
        },
        deadLetters: () => Promise.resolve(),
        onReleased,
        clock: systemClock,
      }),
    ...options,
  });
  lane.start();
  return client.consumers[0] as FakeConsumer;
}

afterEach(() => lane.drain(0));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const offsets = (partition: number): number[] =>
  runs.filter((run) => run.partition === partition).map(({ offset }) => offset);

/** The offsets that the lane would commit now. A rebalance makes it commit. */
async function committed(consumer: FakeConsumer): Promise<ReadonlyMap<number, number>> {
  await turn();
  consumer.events.onRebalancing();
  await turn();
  return consumer.committed;
}

describe('Lane', () => {
  it('does not let intake wait for handlers (M9, K5)', () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    expect(consumer.deliver(0, [0, 1, 2])).toBeUndefined();
    expect(consumer.positions.get(0)).toBe(3);
    expect(offsets(0)).toEqual([0, 1, 2]);
  });

  it('commits only completed records, and retries a refused commit (M11, K7, K15)', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0, 1, 2]);
    runs[1]?.finish();
    expect(await committed(consumer)).toEqual(new Map());
    runs[0]?.finish();
    consumer.commitError = new Error('rebalance in progress');
    expect(await committed(consumer)).toEqual(new Map());
    consumer.commitError = undefined;
    expect(await committed(consumer)).toEqual(new Map([[0, 2]]));
  });

  it('pauses a full partition, lets its neighbour go on, and resumes it when it is half empty (M9, M10)', async () => {
    const consumer = start({ maxHeldRecords: 20 });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0, 1] });
    await consumer.deliver(0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...consumer.paused]).toEqual([0]);
    expect(consumer.deliver(1, [0])).toBeUndefined();
    for (const run of runs.slice(0, 5)) run.finish();
    await turn();
    expect([...consumer.paused]).toEqual([0]);
    runs[5]?.finish();
    await turn();
    expect([...consumer.paused]).toEqual([]);
  });

  it('lets the next fetch go at once when a full partition gets room', async () => {
    const consumer = start({ maxHeldRecords: 2 });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    const admission = consumer.deliver(0, [0, 1]);
    runs[0]?.finish();
    await admission;
    expect([...consumer.paused]).toEqual([]);
  });

  it('keeps the held records when the same member keeps a partition, and runs none twice (M12, K9)', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0, 1] });
    void consumer.deliver(0, [0, 1]);
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    // The library fetches from the committed offset again.
    void consumer.deliver(0, [0, 1, 2]);
    expect(offsets(0)).toEqual([0, 1, 2]);
    for (const run of runs) run.finish();
    expect(await committed(consumer)).toEqual(new Map([[0, 3]]));
  });

  it('starts over for a partition that was away, and for a new member (M12)', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0, 1]);
    const [stale] = runs;
    consumer.events.onAssigned({ memberId: 'm', partitions: [] });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0, 1]);
    stale?.finish();
    expect(await committed(consumer)).toEqual(new Map());
    consumer.events.onAssigned({ memberId: 'another', partitions: [0] });
    void consumer.deliver(0, [0, 1]);
    expect(offsets(0)).toEqual([0, 1, 0, 1, 0, 1]);
    for (const run of runs.slice(4)) run.finish();
    expect(await committed(consumer)).toEqual(new Map([[0, 2]]));
  });

  it('refuses batches of partitions that it does not have', () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(3, [0]);
    expect(runs).toEqual([]);
    expect(consumer.positions.has(3)).toBe(false);
  });

  it('resumes a partition that comes back: the library remembers the pause', async () => {
    const consumer = start({ maxHeldRecords: 1 });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    await consumer.deliver(0, [0, 1]);
    expect([...consumer.paused]).toEqual([0]);
    consumer.events.onAssigned({ memberId: 'm', partitions: [] });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    expect([...consumer.paused]).toEqual([]);
  });

  it('takes nothing from a fetch that skipped records, and starts over with a new consumer', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0, 1]);
    void consumer.deliver(0, [5], 5);
    expect(offsets(0)).toEqual([0, 1]);
    await turn();
    expect(consumer.closed).toBe(true);
    expect(lane.status).toMatchObject({
      condition: 'recovering',
      lastError: 'records of partition 0 were skipped',
    });
  });

  it('follows the library over records that are never delivered, and counts them as handled', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0]);
    consumer.events.onSkipped(0, 3);
    void consumer.deliver(0, [3]);
    expect(lane.status.condition).toBe('joined');
    for (const run of runs) run.finish();
    expect(await committed(consumer)).toEqual(new Map([[0, 4]]));
  });

  it('goes on when a status listener throws', () => {
    const consumer = start({
      onStatus: () => {
        throw new Error('not mine');
      },
    });
    expect(() => consumer.events.onAssigned({ memberId: 'm', partitions: [0] })).not.toThrow();
  });

  it('drains: pauses, waits, commits, leaves', async () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void consumer.deliver(0, [0, 1]);
    const drained = lane.drain(1_000);
    expect([...consumer.paused]).toEqual([0]);
    void consumer.deliver(0, [2]);
    expect(consumer.positions.get(0)).toBe(2);
    for (const run of runs) run.finish();
    await drained;
    expect(consumer.committed).toEqual(new Map([[0, 2]]));
    expect(consumer.closed).toBe(true);
    expect(lane.status.condition).toBe('stopped');
  });

  it('reports its lag', () => {
    const consumer = start();
    consumer.events.onAssigned({ memberId: 'm', partitions: [0, 1] });
    void consumer.deliver(0, [10, 11, 12]);
    expect(lane.status).toMatchObject({ condition: 'joined', partitions: [0, 1], lag: 3, held: 3 });
  });
});

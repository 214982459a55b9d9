import { defineEvent } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { z } from 'zod';

import { FakeKafkaClient, type FakeConsumer } from './adapter/kafka-client.fake.js';
import { encodeEvent } from './codec.js';
import { DelayLane, type DelayLaneOptions } from './delay-lane.js';
import type { RecordProducer } from './producer.js';
import type { IncomingRecord, OutgoingRecord } from './wire.js';

const schema = z.object({ n: z.number() });
const Waited = defineEvent({
  topic: 'waiting.1s',
  type: 'test.waited',
  version: 1,
  description: 'something waited',
  key: ({ n }) => String(n),
  schema,
});

let lane: DelayLane<typeof schema>;
let client: FakeKafkaClient;
let letters: OutgoingRecord[];
let handed: number[];

const producer: RecordProducer = {
  send: (letter) => {
    letters.push(letter);
    return Promise.resolve();
  },
  sendAll: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

function start(options: Partial<DelayLaneOptions<typeof schema>> = {}): FakeConsumer {
  client = new FakeKafkaClient({ [Waited.topic]: 1 });
  letters = [];
  handed = [];
  lane = new DelayLane(
    {
      client: { brokers: [], clientId: 'test' },
      definition: Waited,
      delayMs: 60,
      groupId: 'executor',
      deadLetters: { topic: 'dead', producer },
      handle: (events) => {
        handed.push(...events.map(({ data }) => data.n));
        return Promise.resolve();
      },
      ...options,
    },
    client,
  );
  lane.start();
  const [consumer] = client.consumers;
  if (consumer === undefined) throw new Error('the lane made no consumer');
  consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
  return consumer;
}

afterEach(() => lane.close());

function deliver(
  consumer: FakeConsumer,
  offsets: readonly number[],
  stampMs = Date.now(),
): Promise<void> | undefined {
  const next = (offsets.at(-1) ?? -1) + 1;
  return consumer.events.onBatch({
    partition: 0,
    fetchedOffset: offsets[0] ?? 0,
    nextOffset: next,
    endOffset: next,
    records: offsets.map((offset) => incoming(offset, stampMs)),
    resolve: () => void consumer.positions.set(0, next),
  });
}

function incoming(offset: number, timestampMs: number): IncomingRecord {
  const { topic, key, value, headers } = encodeEvent(Waited, { n: offset }, { source: '/test' });
  return {
    topic,
    partition: 0,
    offset: BigInt(offset),
    timestampMs,
    key: Buffer.from(String(key)),
    value,
    headers,
  };
}

describe('DelayLane', () => {
  it('consumes its topic in its own group', () => {
    const consumer = start();
    expect(consumer.options).toMatchObject({
      topic: 'waiting.1s',
      groupId: 'executor.waiting.1s',
      fromBeginning: true,
    });
    expect(lane.status).toMatchObject({ condition: 'joined', partitions: [0] });
    expect(lane.live).toBe(true);
  });

  it('hands events over when they are due, and commits them then (M33, M35)', async () => {
    let take: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (take = resolve));
    const dueAtMs: number[] = [];
    const latenessesMs: number[] = [];
    const consumer = start({
      handle: (events) => {
        dueAtMs.push(...events.map((event) => event.dueAtMs));
        return taken;
      },
      onLateness: (lateMs) => latenessesMs.push(lateMs),
    });
    const stampMs = Date.now();
    void deliver(consumer, [0, 1, 2], stampMs);
    await waitFor(() => dueAtMs.length === 3, { what: 'the events to fall due' });
    expect(Date.now()).toBeGreaterThanOrEqual(stampMs + 60);
    expect(dueAtMs[0]).toBe(stampMs + 60);
    consumer.events.onRebalancing();
    expect(consumer.committed.get(0)).toBeUndefined();
    take();
    await waitFor(() => consumer.committed.get(0) === 3, { what: 'the commit' });
    expect(latenessesMs).toHaveLength(3);
    expect(Math.min(...latenessesMs)).toBeGreaterThanOrEqual(0);
  });

  it('takes the newest stamp of a fetch as the time of the broker (M32)', async () => {
    const consumer = start();
    void deliver(consumer, [0], Date.now() + 3_600_000);
    await waitFor(() => handed.length === 1, { what: 'the event to fall due by a clock that is ahead' });
  });

  it('holds at most its bound, and fetches the rest when half of it is gone (M10)', async () => {
    const consumer = start({ maxHeldRecords: 10, delayMs: 400 });
    const offsets = Array.from({ length: 10 }, (_, n) => n);
    const firstStampMs = Date.now();
    void deliver(consumer, offsets.slice(0, 4), firstStampMs);
    await deliver(consumer, offsets.slice(4), firstStampMs + 200);
    expect([...consumer.paused]).toEqual([0]);
    await waitFor(() => handed.length === 4, { what: 'the first four' });
    expect([...consumer.paused]).toEqual([0]);
    await waitFor(() => handed.length === 10, { what: 'the others' });
    await waitFor(() => consumer.paused.size === 0, { what: 'the partition to be resumed' });
  });

  it('starts over with the records of a partition that comes back (M12)', async () => {
    const consumer = start();
    void deliver(consumer, [0, 1]);
    consumer.events.onAssigned({ memberId: 'm', partitions: [] });
    consumer.events.onAssigned({ memberId: 'm', partitions: [0] });
    void deliver(consumer, [0, 1]);
    await waitFor(() => handed.length === 2, { what: 'the events' });
    await waitFor(() => consumer.committed.get(0) === 2, { what: 'the commit' });
    expect(handed).toEqual([0, 1]);
  });

  it('dead-letters undecodable records', async () => {
    const consumer = start();
    void consumer.deliver(0, [0]);
    void deliver(consumer, [1]);
    await waitFor(() => consumer.committed.get(0) === 2, { what: 'the commit' });
    expect(letters).toHaveLength(1);
    expect(letters[0]?.headers).toMatchObject({
      'mesh-error-code': 'MISSING_HEADER',
      'mesh-dead-letter-id': 'waiting.1s/0/0',
    });
    expect(handed).toEqual([1]);
  });

  it('closes without handing over waiting records', async () => {
    const consumer = start({ delayMs: 60_000 });
    void deliver(consumer, [0, 1]);
    await lane.close();
    expect(handed).toEqual([]);
    expect(consumer.commits).toEqual([]);
    expect(consumer.closed).toBe(true);
  });
});

import { FakeClock } from '@action-mesh/kernel/testing';
import { waitFor } from '@action-mesh/testing';

import { FakeKafkaClient, type FakeConsumer } from '../adapter/kafka-client.fake.js';
import { SupervisedConsumer } from './supervised-consumer.js';

const options = {
  topic: 't',
  groupId: 'g',
  fromBeginning: true,
  sessionTimeoutMs: 40,
  heartbeatIntervalMs: 10,
  maxWaitMs: 10,
};

const quiet = {
  onAssigned: () => undefined,
  onBatch: () => undefined,
  onSkipped: () => undefined,
  onRebalancing: () => undefined,
};

let client: FakeKafkaClient;
let clock: FakeClock;
let seen: string[];
let supervised: SupervisedConsumer;

beforeEach(() => {
  client = new FakeKafkaClient();
  clock = new FakeClock();
  seen = [];
  supervised = new SupervisedConsumer(
    client,
    options,
    {
      onAssigned: ({ memberId, partitions }) => seen.push(`${memberId}: ${partitions.join()}`),
      onBatch: ({ partition }) => void seen.push(`batch of ${partition}`),
      onSkipped: () => undefined,
      onRebalancing: () => seen.push('rebalancing'),
    },
    clock,
  );
  supervised.start();
});

afterEach(() => supervised.close());

const consumer = (number: number): FakeConsumer => client.consumers[number - 1] as FakeConsumer;
const replaced = (): Promise<unknown> =>
  waitFor(() => client.consumers.length === 2, { what: 'a new consumer', timeoutMs: 2_000 });

describe('SupervisedConsumer', () => {
  it('replaces a crashed consumer, and ignores events of the old one (M27, K4, K10)', async () => {
    consumer(1).events.onAssigned({ memberId: 'm', partitions: [0] });
    consumer(1).events.onCrash(new Error('no more'));
    await replaced();
    expect(consumer(1).closed).toBe(true);
    expect(supervised.condition).toBe('recovering');
    expect(supervised.lastError).toBe('no more');
    consumer(1).events.onAssigned({ memberId: 'm', partitions: [1] });
    void consumer(1).deliver(0, [0]);
    consumer(1).events.onRebalancing();
    consumer(2).events.onAssigned({ memberId: 'm', partitions: [2] });
    expect(seen).toEqual(['1/m: 0', '2/m: 2']);
    expect(supervised.condition).toBe('joined');
  });

  it('replaces a silent consumer, and keeps one with signs of life (K17)', async () => {
    consumer(1).events.onAssigned({ memberId: 'm', partitions: [0] });
    clock.advance(100);
    consumer(1).events.onActivity();
    clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(client.consumers).toHaveLength(1);
    clock.advance(50);
    await replaced();
    expect(supervised.lastError).toMatch(/neither a fetch nor a heartbeat/);
    expect(supervised.outForMs).toBe(0);
    clock.advance(7);
    expect(supervised.outForMs).toBe(7);
  });

  it('replaces a consumer with a long session after 18 seconds of silence (K17)', async () => {
    await supervised.close();
    const patient = new SupervisedConsumer(client, { ...options, sessionTimeoutMs: 30_000 }, quiet, clock);
    try {
      patient.start();
      clock.advance(17_900);
      await new Promise((resolve) => setTimeout(resolve, 1_600));
      expect(client.consumers).toHaveLength(2);
      clock.advance(200);
      await waitFor(() => client.consumers.length === 3, { what: 'a new consumer', timeoutMs: 3_000 });
    } finally {
      await patient.close();
    }
  });

  it('resolves joined after the join, and stops trying on close', async () => {
    let joined = false;
    const waiting = supervised.joined().then(() => (joined = true));
    await Promise.resolve();
    expect(joined).toBe(false);
    consumer(1).events.onAssigned({ memberId: 'm', partitions: [] });
    await waiting;
    await supervised.close();
    consumer(1).events.onCrash(new Error('late'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(client.consumers).toHaveLength(1);
    expect(supervised.condition).toBe('stopped');
  });
});

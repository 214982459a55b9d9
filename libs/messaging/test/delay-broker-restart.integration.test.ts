import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { KafkaProducer } from '../src/index.js';
import { earlyByMs, makeRungs, startDelayLane, type Rung } from './delay-harness.js';
import { clientOptions, encodeDrawn } from './harness.js';

leakCheck({ settleMs: 3_000 });
jest.setTimeout(150_000);

let kafka: KafkaHandle;

beforeAll(async () => {
  kafka = await startKafka();
});

afterAll(async () => {
  await kafka[Symbol.asyncDispose]();
});

describe('a broker that restarts while records wait', () => {
  it('loses none of them, and none comes early (I1, I6)', async () => {
    const client = clientOptions(kafka.brokers);
    // The second delay is longer than the outage: its records have to be fetched again.
    const rungs = await makeRungs(client, [1_000, 20_000]);
    const [short, long] = rungs;
    if (short === undefined || long === undefined) throw new Error('there is no rung');
    const seen = rungs.map(() => new Map<number, number>());
    const start = (rung: Rung, numbers = seen[rungs.indexOf(rung)]) =>
      startDelayLane(client, rung, (events) => {
        for (const { data } of events) numbers?.set(data.n, earlyByMs(data, rung.delayMs));
      });
    await using first = start(short);
    await using second = start(long);
    const lanes = [first, second];
    await Promise.all(lanes.map(({ lane }) => lane.joined()));
    const producer = new KafkaProducer({ client, topics: rungs.map(({ event }) => event.topic) });
    const total = 1_000;
    const send = async (from: number): Promise<void> => {
      const numbers = Array.from({ length: total / 2 }, (_, i) => from + i);
      await producer.sendAll(numbers.flatMap((n) => rungs.map(({ event }) => encodeDrawn(event, n))));
    };
    await send(0);
    await waitFor(() => seen[0]?.size === total / 2, { what: 'the first rung, while the second one waits' });
    await kafka.stop();
    await waitFor(() => lanes.every(({ lane }) => lane.status.condition === 'recovering'), {
      what: 'the lanes to lose sight of the broker',
      timeoutMs: 40_000,
    });
    await kafka.restart();
    await send(total / 2);
    await waitFor(() => seen.every((numbers) => numbers.size === total), {
      what: 'every record to be handed over',
      timeoutMs: 60_000,
    });
    await waitFor(() => lanes.every(({ lane }) => lane.status.condition === 'joined'), {
      what: 'the lanes to be members again',
      timeoutMs: 30_000,
    });
    await producer.close();
    expect(Math.max(...seen.flatMap((numbers) => [...numbers.values()]))).toBeLessThanOrEqual(0);
  });
});

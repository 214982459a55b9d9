import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { KafkaProducer } from '../src/index.js';
import { earlyByMs, makeRungs, startDelayLane } from './delay-harness.js';
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
  it('costs none of them, and none comes early (I1, I6)', async () => {
    const client = clientOptions(kafka.brokers);
    const rungs = await makeRungs(client, [1_000, 6_000]);
    const seen = rungs.map(() => new Map<number, number>());
    const lanes = rungs.map((rung, index) =>
      startDelayLane(client, rung, (events) => {
        for (const { data } of events) seen[index]?.set(data.n, earlyByMs(data, rung.delayMs));
      }),
    );
    await Promise.all(lanes.map(({ lane }) => lane.joined()));
    const producer = new KafkaProducer({ client, topics: rungs.map(({ event }) => event.topic) });
    const total = 1_000;
    const send = async (from: number): Promise<void> => {
      const numbers = Array.from({ length: total / 2 }, (_, i) => from + i);
      await producer.sendAll(numbers.flatMap((n) => rungs.map(({ event }) => encodeDrawn(event, n))));
    };
    await send(0);
    await kafka.stop();
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
    await Promise.all([...lanes.map((lane) => lane.close()), producer.close()]);
    expect(Math.max(...seen.flatMap((numbers) => [...numbers.values()]))).toBeLessThanOrEqual(0);
  });
});

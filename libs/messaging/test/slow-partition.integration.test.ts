import { setTimeout as delay } from 'node:timers/promises';

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, KafkaProducer } from '../src/index.js';
import {
  clientOptions,
  deferred,
  drawnEvent,
  encodeDrawn,
  makeTopics,
  percentileOf,
  startServer,
} from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

const slow = 0;
const fast = 1;

describe('a partition with handlers that do not end', () => {
  it.each([
    { backlog: 5, maxHeldRecords: 5_000, what: 'with a few records' },
    { backlog: 3_000, maxHeldRecords: 400, what: 'with more records than may be held' },
  ])('$what does not delay its neighbour (K5)', async ({ backlog, maxHeldRecords }) => {
    const topics = await makeTopics(client, 2);
    const event = drawnEvent(topics.topic);
    const latencies: number[] = [];
    const gate = deferred();
    let slowDone = 0;
    let mostHeld = 0;
    await using running = await startServer(
      client,
      topics,
      async (data, context) => {
        mostHeld = Math.max(mostHeld, running.server.state.lanes[0]?.held ?? 0);
        if (context.record.partition === slow) {
          await gate.promise;
          slowDone += 1;
        } else {
          latencies.push(performance.timeOrigin + performance.now() - (data.sentAtMs ?? 0));
        }
        return ack;
      },
      { limits: { maxHeldRecords }, handler: { concurrency: 16, ordered: false } },
    );
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    const probe = async (count: number): Promise<number[]> => {
      const before = latencies.length;
      for (let n = 0; n < count; n += 1) {
        await producer.send({ ...encodeDrawn(event, n), partition: fast });
        await delay(3);
      }
      await waitFor(() => latencies.length === before + count, { what: 'the probes' });
      return latencies.slice(before);
    };

    await probe(50);
    const calm = await probe(150);
    await producer.sendAll(
      Array.from({ length: backlog }, (_, n) => ({ ...encodeDrawn(event, n), partition: slow })),
    );
    const disturbed = await probe(150);
    expect(slowDone).toBe(0);
    gate.resolve();
    await waitFor(() => slowDone === backlog, { what: 'the slow partition to go on' });
    await producer.close();

    expect(percentileOf(disturbed, 0.95)).toBeLessThan(2 * percentileOf(calm, 0.95) + 10);
    // A share of the bound, plus one fetch of at most 256 KB.
    expect(mostHeld).toBeLessThan(maxHeldRecords + 1_500);
  });
});

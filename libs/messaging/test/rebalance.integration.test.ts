import { setTimeout as delay } from 'node:timers/promises';

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, KafkaProducer } from '../src/index.js';
import {
  clientOptions,
  drawnEvent,
  encodeDrawn,
  makeTopics,
  startServer,
  type Handler,
  type RunningServer,
} from './harness.js';

leakCheck();
jest.setTimeout(90_000);
const client = clientOptions();

describe('members that come and go under load', () => {
  it('lose no record and repeat few, 1 → 4 → 1 (K8, K9)', async () => {
    const topics = await makeTopics(client, 8);
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    const runs = new Map<number, number>();
    const handler: Handler = async ({ n }) => {
      await delay(5);
      runs.set(n, (runs.get(n) ?? 0) + 1);
      return ack;
    };
    const assigned = (members: readonly RunningServer[]): number[] =>
      members.map(({ server }) => server.state.lanes[0]?.partitions.length ?? 0);

    let sent = 0;
    const loaded = new AbortController();
    const load = (async () => {
      while (!loaded.signal.aborted) {
        await producer.sendAll(Array.from({ length: 20 }, (_, i) => encodeDrawn(event, sent + i)));
        sent += 20;
        await delay(20);
      }
    })();

    const first = await startServer(client, topics, handler);
    const others = await Promise.all([1, 2, 3].map(() => startServer(client, topics, handler)));
    const all = [first, ...others];
    await waitFor(() => assigned(all).every((count) => count === 2), {
      what: 'two partitions for each of four',
    });
    await Promise.all(others.map((member) => member.close()));
    await waitFor(() => assigned([first])[0] === 8, {
      what: 'all partitions to come back',
      timeoutMs: 30_000,
    });
    await waitFor(() => sent > 500, { what: 'enough records to be sent', timeoutMs: 30_000 });
    loaded.abort();
    await load;
    await waitFor(() => runs.size === sent && first.server.state.lag === 0, {
      what: 'every record to be handled',
      timeoutMs: 30_000,
    });
    await first.close();
    await producer.close();

    const repeated = [...runs.values()].filter((count) => count > 1).length;
    expect(repeated / sent).toBeLessThan(0.1);
  });
});

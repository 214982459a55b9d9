import { setTimeout as delay } from 'node:timers/promises';

import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, CompactedTopic, KafkaProducer, TopicFollower } from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, startServer } from './harness.js';

leakCheck({ settleMs: 3_000 });
jest.setTimeout(150_000);

let kafka: KafkaHandle;

beforeAll(async () => {
  kafka = await startKafka();
});

afterAll(async () => {
  await kafka[Symbol.asyncDispose]();
});

describe.each([
  {
    what: 'stopped for 20 s',
    breakIt: () => kafka.stop(),
    outageMs: 20_000,
    mendIt: () => kafka.restart(),
  },
  // Longer than three session timeouts, so the consumer has to notice the silence itself (K17).
  { what: 'frozen for 22 s', breakIt: () => kafka.pause(), outageMs: 22_000, mendIt: () => kafka.resume() },
])('a broker that is $what', ({ breakIt, outageMs, mendIt }) => {
  it('loses no acknowledged record, and every client reconnects', async () => {
    const client = clientOptions(kafka.brokers);
    const topics = await makeTopics(client, 4, { 'cleanup.policy': 'compact' });
    const event = drawnEvent(topics.topic);
    const handled = new Set<number>();
    const followed: number[] = [];
    const running = await startServer(client, topics, ({ n }) => {
      handled.add(n);
      return Promise.resolve(ack);
    });
    const follower = new TopicFollower({
      client,
      topic: topics.topic,
      onRecord: ({ value }) => followed.push((JSON.parse(String(value)) as { readonly n: number }).n),
    });
    await follower.start();
    const view = new CompactedTopic({ client, definition: event });
    await view.ready;
    const producer = new KafkaProducer({ client, topics: [topics.topic], deliveryTimeoutMs: 5_000 });

    const acknowledged = new Set<number>();
    let refused = 0;
    let sent = 0;
    const loaded = new AbortController();
    const load = (async () => {
      while (!loaded.signal.aborted) {
        const n = sent;
        sent += 1;
        try {
          await producer.send(encodeDrawn(event, n));
          acknowledged.add(n);
        } catch (error) {
          expect(error).toMatchObject({ retry: 'retryable' });
          refused += 1;
        }
        await delay(5);
      }
    })();
    await waitFor(() => handled.size > 50 && followed.length > 50, { what: 'records to flow' });

    await breakIt();
    const cpu = process.cpuUsage();
    const downAtMs = performance.now();
    await delay(outageMs);
    const { user, system } = process.cpuUsage(cpu);
    const cpuShare = (user + system) / 1000 / (performance.now() - downAtMs);
    const lostSight = !running.server.state.ready;
    await mendIt();

    const before = acknowledged.size;
    await waitFor(() => acknowledged.size > before + 50, {
      what: 'records to be sent again',
      timeoutMs: 30_000,
    });
    await waitFor(() => running.server.state.ready && follower.joined && view.joined, {
      what: 'everybody to be back',
      timeoutMs: 30_000,
    });
    loaded.abort();
    await load;
    const missing = (seen: ReadonlySet<number>): number[] => [...acknowledged].filter((n) => !seen.has(n));
    await waitFor(() => missing(handled).length === 0, {
      what: 'every record to be handled',
      timeoutMs: 30_000,
    });
    await waitFor(() => missing(new Set(followed)).length === 0, { what: 'every record to be followed' });
    await waitFor(() => [...acknowledged].every((n) => view.get(`key-${n}`)?.n === n), { what: 'the view' });
    await Promise.all([running.close(), follower.close(), view.close(), producer.close()]);

    expect(lostSight).toBe(true);
    expect(refused).toBeGreaterThan(0);
    expect(cpuShare).toBeLessThan(0.2);
    // The follower delivers a stored record once. Only a repeated send stores two copies.
    expect(followed.length - new Set(followed).size).toBeLessThanOrEqual(2);
  });
});

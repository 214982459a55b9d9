import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, KafkaProducer } from '../src/index.js';
import { clientOptions, deferred, drawnEvent, encodeDrawn, makeTopics, startServer } from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

describe('closing', () => {
  it('does not need a broker', async () => {
    const nowhere = { ...clientOptions(['127.0.0.1:1']), connectionTimeoutMs: 500 };
    const running = await startServer(
      nowhere,
      { topic: 'messaging-test.unreachable', deadLetters: 'messaging-test.unreachable.dlq' },
      () => Promise.resolve(ack),
      { joinTimeoutMs: 200 },
    );
    expect(running.server.state).toMatchObject({ live: true, ready: false });
    await waitFor(() => running.server.state.lanes[0]?.lastError !== undefined, { what: 'the reason' });
    await running.close();
    expect(running.server.state.lanes[0]?.condition).toBe('stopped');
  });

  it('does not wait for a fetch that brings nothing (K6, K11)', async () => {
    const topics = await makeTopics(client, 1);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.send(encodeDrawn(drawnEvent(topics.topic), 1));
    await producer.close();
    let handled = 0;
    const running = await startServer(client, topics, () => {
      handled += 1;
      return Promise.resolve(ack);
    });
    await waitFor(() => handled === 1, { what: 'the fetch before the last' });
    const startedAtMs = performance.now();
    await running.close();
    expect(performance.now() - startedAtMs).toBeLessThan(700);
  });

  it('lets handlers end, commits their records, and leaves the rest to the next process', async () => {
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll(Array.from({ length: 20 }, (_, n) => encodeDrawn(event, n)));

    const gate = deferred();
    const first: number[] = [];
    let started = 0;
    const running = await startServer(
      client,
      topics,
      async ({ n }) => {
        started += 1;
        await gate.promise;
        first.push(n);
        return ack;
      },
      { handler: { concurrency: 4 } },
    );
    await waitFor(() => started === 4, { what: 'four handlers to run' });
    const closed = running.close();
    expect(running.server.state.ready).toBe(false);
    gate.resolve();
    await closed;
    expect(first).toEqual([0, 1, 2, 3]);

    const second: number[] = [];
    await using successor = await startServer(client, topics, ({ n }) => {
      second.push(n);
      return Promise.resolve(ack);
    });
    await waitFor(() => second.length === 16 && successor.server.state.lag === 0, { what: 'the rest' });
    await producer.close();

    expect(second).toEqual(Array.from({ length: 16 }, (_, index) => index + 4));
  });

  it('ends at the deadline when a handler does not, aborts it, and leaves its record to the next process', async () => {
    const topics = await makeTopics(client, 1);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.send(encodeDrawn(drawnEvent(topics.topic), 1));
    let signal: AbortSignal | undefined;
    const running = await startServer(
      client,
      topics,
      (_data, context) => {
        signal = context.signal;
        return new Promise(() => undefined);
      },
      { drainTimeoutMs: 200 },
    );
    await waitFor(() => signal !== undefined, { what: 'the handler to run' });
    const startedAtMs = performance.now();
    await running.close();
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect(signal?.aborted).toBe(true);

    let again = 0;
    await using successor = await startServer(client, topics, () => {
      again += 1;
      return Promise.resolve(ack);
    });
    await waitFor(() => again === 1 && successor.server.state.lag === 0, {
      what: 'the record to come again',
    });
    await producer.close();
  });
});

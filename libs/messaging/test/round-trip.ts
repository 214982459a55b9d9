import { newId } from '@action-mesh/kernel';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';

import { isApplied } from '../src/adapter/patches/kafkajs-patch.js';
import { kafkaJsPatches } from '../src/adapter/patches/kafkajs-patches.js';
import { ack, CompactedTopic, encodeTombstone, ensureTopics, KafkaProducer } from '../src/index.js';
import { earlyByMs, makeRungs, startDelayLane } from './delay-harness.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, readAll, startServer } from './harness.js';

/** Every use of Kafka in the mesh, once with the patches of kafkajs and once without: one file for each. */
export function describeRoundTrip(patches: boolean): void {
  const client = { ...clientOptions(), patches };
  leakCheck();
  jest.setTimeout(60_000);

  describe(`records on ${patches ? 'patched' : 'plain'} kafkajs`, () => {
    afterAll(() => {
      // The tests above ran in this mode only.
      expect(kafkaJsPatches.map((patch) => isApplied(patch))).toEqual(kafkaJsPatches.map(() => patches));
    });

    it('arrive with their keys, values, headers and order', async () => {
      const topic = `messaging-test.${newId()}`;
      await ensureTopics(client, [{ name: topic, partitions: 2, replicationFactor: 1, config: {} }]);
      const producer = new KafkaProducer({ client, topics: [topic] });
      const sent = Array.from({ length: 1_000 }, (_, n) => ({
        topic,
        partition: n % 2,
        key: n % 10 === 0 ? null : `clé-${n}`,
        value: n % 7 === 0 ? null : Buffer.alloc(n, n),
        headers: { n: String(n), [`ключ-${n % 3}`]: '値'.repeat(n % 50), empty: '' },
      }));
      await producer.sendAll(sent);
      await producer.close();

      for (const partition of [0, 1]) {
        const arrived = (await readAll(client, topic)).filter((record) => record.partition === partition);
        expect(
          arrived.map(({ key, value, headers }) => ({
            key: key?.toString() ?? null,
            value: value?.toString('hex') ?? null,
            headers,
          })),
        ).toEqual(
          sent
            .filter((record) => record.partition === partition)
            .map(({ key, value, headers }) => ({ key, value: value?.toString('hex') ?? null, headers })),
        );
      }
    });

    it('reach a handler once each, in the order of their keys, and poison reaches the dead letters', async () => {
      const topics = await makeTopics(client, 2);
      const event = drawnEvent(topics.topic);
      const handled: number[] = [];
      await using running = await startServer(client, topics, ({ n }) => {
        handled.push(n);
        return Promise.resolve(ack);
      });
      const producer = new KafkaProducer({ client, topics: [topics.topic] });
      const numbers = Array.from({ length: 500 }, (_, n) => n);
      await producer.sendAll([
        ...numbers.map((n) => encodeDrawn(event, n, `key-${n % 5}`)),
        { ...encodeDrawn(event, 0), value: Buffer.from('{') },
      ]);
      await producer.close();
      await waitFor(() => handled.length === numbers.length, { what: 'every record' });
      for (const key of [0, 1, 2, 3, 4]) {
        expect(handled.filter((n) => n % 5 === key)).toEqual(numbers.filter((n) => n % 5 === key));
      }
      const letters = await waitFor(
        async () => {
          const found = await readAll(client, topics.deadLetters);
          return found.length > 0 && found;
        },
        { what: 'the dead letter' },
      );
      expect(running.server.state.ready).toBe(true);
      expect(letters.map(({ headers }) => headers['mesh-error-code'])).toEqual(['INVALID_JSON']);
    });

    it('make a view with deletions', async () => {
      const topics = await makeTopics(client, 2, { 'cleanup.policy': 'compact' });
      const event = drawnEvent(topics.topic);
      const producer = new KafkaProducer({ client, topics: [topics.topic] });
      await producer.sendAll([
        ...[1, 2, 3].map((n) => encodeDrawn(event, n)),
        encodeDrawn(event, 20, 'key-2'),
        encodeTombstone(event, 'key-3'),
      ]);
      await producer.close();
      await using view = new CompactedTopic({ client, definition: event });
      await view.ready;
      expect([...view.values()].map(({ n }) => n).sort()).toEqual([1, 20]);
    });

    it('wait for their time on a ladder, none early', async () => {
      const rungs = await makeRungs(client, [300, 900]);
      const early: number[] = [];
      const lanes = rungs.map((rung) =>
        startDelayLane(client, rung, (events) => {
          for (const { data } of events) early.push(earlyByMs(data, rung.delayMs));
        }),
      );
      await Promise.all(lanes.map(({ lane }) => lane.joined()));
      const producer = new KafkaProducer({ client, topics: rungs.map(({ event }) => event.topic) });
      await producer.sendAll(
        rungs.flatMap(({ event }) => Array.from({ length: 100 }, (_, n) => encodeDrawn(event, n))),
      );
      await producer.close();
      await waitFor(() => early.length === 200, { what: 'every record to fall due' });
      await Promise.all(lanes.map((lane) => lane.close()));
      expect(Math.max(...early)).toBeLessThanOrEqual(0);
    });

    it('of a foreign transaction arrive after its commit, and never after an abort', async () => {
      const topics = await makeTopics(client, 1);
      const event = drawnEvent(topics.topic);
      const foreign = new Kafka({ brokers: [...client.brokers], logLevel: logLevel.NOTHING }).producer({
        transactionalId: topics.topic,
        maxInFlightRequests: 1,
      });
      await foreign.connect();
      for (const [n, end] of (['commit', 'abort', 'commit'] as const).entries()) {
        const transaction = await foreign.transaction();
        const { key, value, headers } = encodeDrawn(event, n);
        await transaction.send({ topic: topics.topic, messages: [{ key, value, headers }] });
        await transaction[end]();
      }
      await foreign.disconnect();
      const records = await readAll(client, topics.topic);
      expect(records.map(({ value }) => (JSON.parse(String(value)) as { n: number }).n)).toEqual([0, 2]);
    });
  });
}

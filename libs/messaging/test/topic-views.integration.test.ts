import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import {
  BrokerUnavailableError,
  CompactedTopic,
  encodeTombstone,
  KafkaProducer,
  readTopicExtent,
  TopicFollower,
  TopicReplay,
} from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics } from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

describe('CompactedTopic', () => {
  it('is ready with all earlier records, follows changes and deletions, and leaves out undecodable records', async () => {
    const topics = await makeTopics(client, 3, { 'cleanup.policy': 'compact' });
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll([
      ...Array.from({ length: 200 }, (_, n) => encodeDrawn(event, n)),
      encodeDrawn(event, 1_000, 'key-7'),
      encodeTombstone(event, 'key-8'),
    ]);
    const undecodable: Error[] = [];
    await using view = new CompactedTopic({
      client,
      definition: event,
      onUndecodable: (error) => undecodable.push(error),
    });
    await view.ready;

    expect(view.size).toBe(199);
    expect(view.get('key-7')?.n).toBe(1_000);
    expect(view.get('key-8')).toBeUndefined();

    const changes: (readonly [string, number | undefined])[] = [];
    const stop = view.onChange((key, data) => changes.push([key, data?.n]));
    await producer.send({ ...encodeDrawn(event, 1, 'key-9'), value: Buffer.from('nonsense') });
    await producer.send(encodeDrawn(event, 2, 'key-9'));
    await producer.send(encodeTombstone(event, 'key-9'));
    await waitFor(() => changes.length === 2, { what: 'two changes' });
    stop();
    await producer.send(encodeDrawn(event, 3, 'key-9'));
    await waitFor(() => view.get('key-9')?.n === 3, { what: 'the last change' });
    await producer.close();

    expect(changes).toEqual([
      ['key-9', 2],
      ['key-9', undefined],
    ]);
    expect(undecodable).toMatchObject([{ reason: 'INVALID_JSON' }]);
  });

  it('holds all records of other producers after a refresh', async () => {
    const topics = await makeTopics(client, 3, { 'cleanup.policy': 'compact' });
    const event = drawnEvent(topics.topic);
    await using view = new CompactedTopic({ client, definition: event });
    await view.ready;
    await view.refresh(10_000);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    for (const n of [1, 2, 3]) {
      await producer.send(encodeDrawn(event, n, 'key'));
      await view.refresh(10_000);
      expect(view.get('key')?.n).toBe(n);
    }
    await producer.close();
  });

  it('rejects a refresh without an answer', async () => {
    const view = new CompactedTopic({ client, definition: drawnEvent('messaging-test.no-such-topic') });
    await expect(view.refresh(2_000)).rejects.toThrow();
    await view.close();
  });

  it('is ready when the topic is empty', async () => {
    const topics = await makeTopics(client, 2, { 'cleanup.policy': 'compact' });
    await using view = new CompactedTopic({ client, definition: drawnEvent(topics.topic) });
    await view.ready;
    expect([...view.values()]).toEqual([]);
  });

  it('can be closed before it finds its topic', async () => {
    const view = new CompactedTopic({ client, definition: drawnEvent('messaging-test.no-such-topic') });
    await view.close();
    expect(view.joined).toBe(false);
  });
});

describe('TopicFollower', () => {
  it('sees every record from after start and none from before, each once and in order', async () => {
    const topics = await makeTopics(client, 3);
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll(Array.from({ length: 50 }, (_, n) => encodeDrawn(event, n)));
    const seen: number[] = [];
    const errors: unknown[] = [];
    await using follower = new TopicFollower({
      client,
      topic: topics.topic,
      onRecord: ({ value }) => {
        seen.push((JSON.parse(String(value)) as { readonly n: number }).n);
        if (seen.length === 1) throw new Error('not my record');
      },
      onError: (error) => errors.push(error),
    });
    await follower.start();
    await producer.sendAll(Array.from({ length: 500 }, (_, n) => encodeDrawn(event, 100 + n, 'one key')));
    await waitFor(() => seen.length >= 500, { what: 'the records' });
    await producer.close();

    expect(seen).toEqual(Array.from({ length: 500 }, (_, n) => 100 + n));
    expect(errors).toMatchObject([{ message: 'not my record' }]);
  });
});

describe('TopicReplay', () => {
  it('delivers every record from the given offsets on, once, in order, and as fast as its reader takes them', async () => {
    const topics = await makeTopics(client, 3);
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.sendAll(Array.from({ length: 300 }, (_, n) => encodeDrawn(event, n)));
    const { identity, ranges } = await readTopicExtent(client, topics.topic, 5_000);
    const ends = new Map(ranges.map(({ partition, end }) => [partition, end]));
    const from = new Map(ranges.map(({ partition, end }) => [partition, Math.floor(end / 2)]));
    const seen = new Map<number, number[]>();
    let [busy, mostBusy] = [0, 0];
    await using replay = new TopicReplay({
      client,
      topic: topics.topic,
      from,
      onRecords: async (records) => {
        for (const { partition, offset } of records)
          seen.set(partition, [...(seen.get(partition) ?? []), Number(offset)]);
        busy += 1;
        mostBusy = Math.max(mostBusy, busy);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
      },
    });
    await replay.start();
    await producer.sendAll(Array.from({ length: 100 }, (_, n) => encodeDrawn(event, n, 'one key')));
    const total = (): number => [...seen.values()].reduce((sum, { length }) => sum + length, 0);
    const expected = 400 - [...from.values()].reduce((sum, offset) => sum + offset, 0);
    await waitFor(() => total() >= expected, { what: 'the records' });
    await producer.close();

    for (const [partition, offsets] of seen) {
      const start = from.get(partition) ?? 0;
      expect(offsets).toEqual(offsets.map((_, n) => start + n));
      expect(replay.positions.get(partition)).toBe((offsets.at(-1) ?? 0) + 1);
    }
    expect(total()).toBe(expected);
    // One batch of each partition at a time.
    expect(mostBusy).toBeLessThanOrEqual(3);
    expect(identity).toContain(topics.topic);
    expect([...ends.values()].reduce((sum, end) => sum + end, 0)).toBe(300);
  });
});

describe('the extent of a topic', () => {
  it('belongs to its prefix, and is an error without a broker', async () => {
    const topics = await makeTopics(client, 1);
    const [prefix, name] = [topics.topic.slice(0, 4), topics.topic.slice(4)];
    const plain = await readTopicExtent(client, topics.topic, 5_000);
    const prefixed = await readTopicExtent({ ...client, topicPrefix: prefix }, name, 5_000);
    expect(prefixed).toEqual(plain);
    const nowhere = readTopicExtent({ ...client, brokers: ['127.0.0.1:1'] }, name, 2_000);
    await expect(nowhere).rejects.toBeInstanceOf(BrokerUnavailableError);
  });
});

import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import {
  ack,
  deadLetter,
  KafkaProducer,
  notFromKafka,
  RecordHandover,
  retry,
  TopicFollower,
  type Outcome,
} from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, readAll, startServer } from './harness.js';

leakCheck();
jest.setTimeout(60_000);

describe('a handover between a producer and a consumer of one process', () => {
  it('handles each record once, in memory, and commits its offset (M38)', async () => {
    const client = { ...clientOptions(), handover: new RecordHandover() };
    const topics = await makeTopics(client, 2);
    const event = drawnEvent(topics.topic);
    const seen: { readonly n: number; readonly partition: number }[] = [];
    const followed: number[] = [];
    await using follower = new TopicFollower({
      client,
      topic: topics.topic,
      onRecord: ({ partition }) => followed.push(partition),
    });
    await follower.start();
    await using running = await startServer(
      client,
      topics,
      ({ n }, { record }) => {
        seen.push({ n, partition: record.partition });
        return Promise.resolve(ack);
      },
      { handler: { takesHandover: true, ordered: false } },
    );
    await using producer = new KafkaProducer({ client, topics: [topics.topic] });
    const sends = Array.from({ length: 100 }, (_, n) => producer.send(encodeDrawn(event, n)));
    await Promise.all(sends);
    await waitFor(() => followed.length === 200, { what: 'both readings of the follower' });
    await waitFor(() => running.server.state.lag === 0, { what: 'all offsets' });
    expect(seen.every(({ partition }) => partition === notFromKafka.partition)).toBe(true);
    expect(new Set(seen.map(({ n }) => n)).size).toBe(100);
    expect(followed.filter((partition) => partition === notFromKafka.partition)).toHaveLength(100);
    expect(await readAll(client, topics.topic)).toHaveLength(100);
  });

  it('gets from Kafka what failed in memory: a retry, a dead letter, another process (M37)', async () => {
    const client = { ...clientOptions(), handover: new RecordHandover() };
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const runs: string[] = [];
    const decide = (n: number, isHandedOver: boolean): Outcome => {
      if (n === 1 && isHandedOver) return retry();
      return n === 2 ? deadLetter('TWO') : ack;
    };
    await using running = await startServer(
      client,
      topics,
      ({ n }, { record }) => {
        const isHandedOver = record.partition === notFromKafka.partition;
        runs.push(`${n} ${isHandedOver ? 'memory' : `offset ${record.offset}`}`);
        return Promise.resolve(decide(n, isHandedOver));
      },
      { handler: { takesHandover: true, ordered: false } },
    );
    await using producer = new KafkaProducer({ client, topics: [topics.topic] });
    await using stranger = new KafkaProducer({ client: clientOptions(), topics: [topics.topic] });
    await producer.sendAll([encodeDrawn(event, 1), encodeDrawn(event, 2)]);
    await stranger.send(encodeDrawn(event, 3));
    await waitFor(() => runs.length === 5 && running.server.state.lag === 0, { what: 'all runs' });
    expect(runs.toSorted()).toEqual(['1 memory', '1 offset 0', '2 memory', '2 offset 1', '3 offset 2']);
    const letters = await readAll(client, topics.deadLetters);
    expect(letters.map(({ headers }) => headers['mesh-origin-offset'])).toEqual(['1']);
  });

  it('hands nothing over to a handler that does not ask for it', async () => {
    const client = { ...clientOptions(), handover: new RecordHandover() };
    const topics = await makeTopics(client, 1);
    const event = drawnEvent(topics.topic);
    const partitions: number[] = [];
    await using running = await startServer(client, topics, (_data, { record }) => {
      partitions.push(record.partition);
      return Promise.resolve(ack);
    });
    await using producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.send(encodeDrawn(event, 1));
    await waitFor(() => partitions.length === 1, { what: 'the record' });
    expect(partitions).toEqual([0]);
    expect(running.server.state.ready).toBe(true);
  });
});

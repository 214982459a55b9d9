import { FakeKafkaClient, type FakeConsumer } from '../adapter/kafka-client.fake.js';
import { TopicReader } from './topic-reader.js';

const topic = 'views';

let reader: TopicReader;

afterEach(() => reader.close());

/** A reader of a topic with one partition, and the records that it delivered. */
async function following(): Promise<{
  readonly client: FakeKafkaClient;
  readonly consumer: FakeConsumer;
  readonly offsets: number[];
}> {
  const client = new FakeKafkaClient({ [topic]: 1 });
  const offsets: number[] = [];
  reader = new TopicReader(client, {
    clientId: 'test',
    topic: topic,
    from: 'beginning',
    onRecords: (records) => void offsets.push(...records.map(({ offset }) => Number(offset))),
  });
  const started = reader.start();
  while (client.consumers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [consumer] = client.consumers;
  if (consumer === undefined) throw new Error('there is no consumer');
  consumer.events.onAssigned({ memberId: 'me', partitions: [0] });
  await started;
  return { client, consumer, offsets };
}

describe('TopicReader', () => {
  it('has caught up exactly when all records from before the request are delivered', async () => {
    const { client, consumer, offsets } = await following();
    client.ends.set(topic, 3);
    let isThere = false;
    const there = reader.catchUp(AbortSignal.timeout(5_000)).then(() => (isThere = true));
    void consumer.deliver(0, [0, 1]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isThere).toBe(false);
    void consumer.deliver(0, [2]);
    await there;
    expect(offsets).toEqual([0, 1, 2]);
    await reader.catchUp(AbortSignal.timeout(5_000));
  });

  it('asks the broker rarely while it gets no records, and is never too late for its group', async () => {
    const { sessionTimeoutMs, heartbeatIntervalMs, maxWaitMs } = (await following()).consumer.options;
    expect(maxWaitMs).toBeGreaterThanOrEqual(5_000);
    expect(heartbeatIntervalMs).toBeGreaterThanOrEqual(5_000);
    // A heartbeat waits for the end of a fetch, and one of them may fail.
    expect(2 * (heartbeatIntervalMs + maxWaitMs)).toBeLessThan(sessionTimeoutMs);
  });

  it('has not caught up while the broker gives no end offsets or no records', async () => {
    const { client } = await following();
    client.connectError = new Error('no broker');
    await expect(reader.catchUp(AbortSignal.timeout(5_000))).rejects.toThrow('no broker');
    client.connectError = undefined;
    client.ends.set(topic, 1);
    const given = new AbortController();
    const waiting = reader.catchUp(given.signal);
    given.abort(new Error('too long'));
    await expect(waiting).rejects.toThrow('too long');
  });
});

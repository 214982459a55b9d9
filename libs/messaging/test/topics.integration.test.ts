import { newId } from '@action-mesh/kernel';
import { jest } from '@jest/globals';
import { leakCheck } from '@action-mesh/testing';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';

import { ensureTopics, KafkaProducer } from '../src/index.js';
import { clientOptions } from './harness.js';

leakCheck();
jest.setTimeout(60_000);
const client = clientOptions();

describe('ensureTopics', () => {
  it('creates missing topics, beside other processes that do the same', async () => {
    const name = `messaging-test.${newId()}`;
    const spec = { name, partitions: 3, replicationFactor: 1, config: { 'cleanup.policy': 'compact' } };
    await Promise.all([1, 2, 3].map(() => ensureTopics(client, [spec])));
    await ensureTopics(client, [spec]);

    const admin = new Kafka({ brokers: [...client.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    });
    const metadata = await admin.fetchTopicMetadata({ topics: [name] });
    await admin.disconnect();
    const config = Object.fromEntries(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
    );
    expect(metadata.topics[0]?.partitions).toHaveLength(3);
    // The broker decompresses records of other producers, because the client could not (K18).
    expect(config).toMatchObject({ 'cleanup.policy': 'compact', 'compression.type': 'uncompressed' });
  });

  it('accepts additional partitions, and refuses fewer', async () => {
    const name = `messaging-test.${newId()}`;
    const spec = { name, partitions: 2, replicationFactor: 1, config: {} };
    await ensureTopics(client, [spec]);
    await ensureTopics(client, [{ ...spec, partitions: 1 }]);
    await expect(ensureTopics(client, [{ ...spec, partitions: 3 }])).rejects.toMatchObject({
      code: 'MESSAGING_TOPIC_MISMATCH',
      topic: name,
    });
  });
});

describe('a topic that the broker does not have', () => {
  it('is refused, and the producer sends to its other topics (K12)', async () => {
    const name = `messaging-test.${newId()}`;
    await ensureTopics(client, [{ name, partitions: 1, replicationFactor: 1, config: {} }]);
    const missing = `${name}.missing`;
    const producer = new KafkaProducer({ client, topics: [name, missing] });
    const record = { key: 'a', value: Buffer.from('1'), headers: {} };
    const results = await Promise.allSettled([
      producer.send({ ...record, topic: name }),
      producer.send({ ...record, topic: missing }),
      producer.send({ ...record, topic: name }),
    ]);
    await producer.send({ ...record, topic: name });
    await producer.close();

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'MESSAGING_UNKNOWN_TOPIC', topic: missing } });
  });
});

import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { jest } from '@jest/globals';
import { leakCheck, waitFor } from '@action-mesh/testing';

import { ack, KafkaProducer, type KafkaClientOptions } from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, startServer } from './harness.js';

leakCheck({ settleMs: 3_000 });
jest.setTimeout(60_000);

let kafka: KafkaHandle;
let client: KafkaClientOptions;

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'listener.name.client.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.client.plain.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required user_mesh="let me in";',
    },
  });
  client = {
    ...clientOptions(kafka.brokers),
    sasl: { mechanism: 'plain', username: 'mesh', password: 'let me in' },
  };
});

afterAll(() => kafka[Symbol.asyncDispose]());

describe('a broker that asks for a password (SASL)', () => {
  it('lets in producers, consumers and administrators with the password', async () => {
    const topics = await makeTopics(client, 1);
    const seen: number[] = [];
    await using running = await startServer(client, topics, ({ n }) => {
      seen.push(n);
      return Promise.resolve(ack);
    });
    const producer = new KafkaProducer({ client, topics: [topics.topic] });
    await producer.send(encodeDrawn(drawnEvent(topics.topic), 1));
    await waitFor(() => seen.length === 1 && running.server.state.lag === 0, { what: 'the record' });
    await producer.close();
  });

  it('names a wrong password as the reason, without repeating it', async () => {
    const producer = new KafkaProducer({
      client: { ...client, sasl: { mechanism: 'plain', username: 'mesh', password: 'a guess' } },
      topics: ['any'],
      deliveryTimeoutMs: 1_500,
    });
    const error: unknown = await producer
      .send({ topic: 'any', key: null, value: null, headers: {} })
      .catch((e: unknown) => e);
    await producer.close();
    expect(error).toMatchObject({ code: 'MESSAGING_PRODUCE_FAILED' });
    expect(String(error)).toMatch(/authentication/i);
    expect(String(error)).not.toContain('a guess');
  });
});

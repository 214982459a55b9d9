import { createServer, type AddressInfo } from 'node:net';

import { startKafka, type KafkaHandle } from '@action-mesh/devstack';
import { jest } from '@jest/globals';
import { leakCheck, startFaultProxy, waitFor, type FaultProxy } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { KafkaProducer, type KafkaClientOptions } from '../src/index.js';
import { clientOptions, drawnEvent, encodeDrawn, makeTopics, readAll } from './harness.js';

leakCheck({ settleMs: 3_000 });
jest.setTimeout(90_000);

const requestTimeoutMs = 1_000;

let kafka: KafkaHandle;
let proxy: FaultProxy;
let direct: KafkaClientOptions;
let proxied: KafkaClientOptions;

beforeAll(async () => {
  const advertisedPort = await freePort();
  kafka = await startKafka({ advertisedPort });
  proxy = await startFaultProxy({ target: `127.0.0.1:${kafka.port}`, port: advertisedPort });
  direct = clientOptions(kafka.directBrokers);
  proxied = { ...clientOptions([proxy.address]), requestTimeoutMs: requestTimeoutMs };
});

afterAll(async () => {
  await proxy.stop();
  await kafka[Symbol.asyncDispose]();
});

/**
 * Makes three overlapping sends and drops the answer to the first. Returns the acknowledged records and the records
 * on the topic.
 */
async function loseFirstAnswer(
  topic: string,
  send: (n: number) => Promise<unknown>,
): Promise<{ readonly acknowledged: number[]; readonly stored: number[] }> {
  await send(0);
  proxy.set({ dropResponse: 'swallow' });
  const acknowledged: number[] = [0];
  const sends = [1, 2, 3].map(async (n) => {
    await send(n);
    acknowledged.push(n);
  });
  await waitFor(async () => (await readAll(direct, topic)).length >= 2, {
    what: 'the first record to be stored',
  });
  proxy.heal();
  await Promise.all(sends);
  const stored = (await readAll(direct, topic)).map(({ value }) => {
    const data = JSON.parse(String(value)) as { readonly n: number };
    return data.n;
  });
  return { acknowledged: acknowledged.sort(), stored };
}

describe('overlapping sends with a lost first answer', () => {
  it('are all on the topic when they are acknowledged (K1)', async () => {
    const topics = await makeTopics(direct, 1);
    const event = drawnEvent(topics.topic);
    const producer = new KafkaProducer({ client: proxied, topics: [topics.topic] });
    const { acknowledged, stored } = await loseFirstAnswer(topics.topic, (n) =>
      producer.send(encodeDrawn(event, n)),
    );
    await producer.close();

    expect(acknowledged).toEqual([0, 1, 2, 3]);
    expect([...new Set(stored)].sort()).toEqual([0, 1, 2, 3]);
  });

  it('lose an acknowledged record with the library alone, which the producer prevents', async () => {
    const topics = await makeTopics(direct, 1);
    const event = drawnEvent(topics.topic);
    const library = new Kafka({
      brokers: [proxy.address],
      requestTimeout: requestTimeoutMs,
      logLevel: logLevel.NOTHING,
    }).producer({ idempotent: true, retry: { retries: 10, initialRetryTime: 100 } });
    await library.connect();
    const { acknowledged, stored } = await loseFirstAnswer(topics.topic, (n) => {
      const { key, value } = encodeDrawn(event, n);
      return library.send({ topic: topics.topic, messages: [{ key, value, partition: 0 }] });
    });
    await library.disconnect();

    expect(acknowledged).toEqual([0, 1, 2, 3]);
    expect([...new Set(stored)].length).toBeLessThan(4);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Submits a call twice to Kafka by a plain client, and reads both outcomes from Kafka.
//
//   KAFKA_BROKERS   the addresses that `npm start` prints, separated by commas
//   MESH_TOKEN      a publisher token; by default the one of `npm start`
import { readFileSync } from 'node:fs';

import { Kafka, logLevel } from 'kafkajs';
import { v7 as newId } from 'uuid';

const brokers = process.env['KAFKA_BROKERS'];
if (brokers === undefined) throw new Error('set KAFKA_BROKERS to the addresses that `npm start` prints');
const token = process.env['MESH_TOKEN'] ?? readFileSync('.mesh/data/publisher-token', 'utf8').trim();
const kafka = new Kafka({ clientId: 'kafka-call', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const run = newId();

// A reader of its own group sees every outcome. The key of a record is the id of its call.
const waiting = new Map();
const consumer = kafka.consumer({ groupId: `kafka-call-${run}` });
await consumer.connect();
await consumer.subscribe({ topic: 'mesh.outcomes', fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const outcome = JSON.parse(String(message.value));
    // `waiting` and `indeterminate` are not the end of a call.
    if (!['waiting', 'indeterminate'].includes(outcome.status))
      waiting.get(String(message.key))?.(String(message.value));
  },
});

const producer = kafka.producer();
await producer.connect();

/** Submits the call, and resolves with the text of its outcome. */
async function call() {
  const id = newId();
  const outcome = new Promise((resolve) => waiting.set(id, resolve));
  const value = {
    call_id: id,
    user_id: 'ada',
    agent: { id: 'kafka-call', run_id: run },
    tool: { slug: 'slack_post_message' },
    arguments: { channel: '#releases', text: 'Build 817 is green.' },
  };
  const headers = {
    ce_specversion: '1.0',
    ce_type: 'mesh.call.submitted.v1',
    ce_source: '/kafka-call',
    ce_id: id,
    'content-type': 'application/json',
    'mesh-publisher-token': token,
  };
  await producer.send({
    topic: 'mesh.ingress',
    messages: [{ key: id, value: JSON.stringify(value), headers }],
  });
  return outcome;
}

// 1. The call reaches the provider.
console.log(await call());
// 2. A repetition within the run does not: its outcome names the first call in `duplicate_of`.
console.log(await call());

await Promise.all([producer.disconnect(), consumer.disconnect()]);

import { randomUUID } from 'node:crypto';

import type { OpenResources } from '@action-mesh/platform';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import pg from 'pg';
import { Pool } from 'undici';

/** Performs one call by itself, without the mesh. */
export type Floor = (index: number) => Promise<void>;

export interface FloorContext {
  readonly providerUrl: string;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly open: OpenResources;
}

/** The connections of the two-commit floor. More made it slower here. */
const floorConnections = 16;

/** A POST and nothing else: the cost of a call without any record. */
export function directPost({ providerUrl, open }: FloorContext): Floor {
  const pool = open.add(new Pool(providerUrl, { connections: 256, pipelining: 1 }), (used) => used.close());
  return async (index) => {
    const response = await pool.request({
      method: 'POST',
      path: '/echo',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: `direct ${index} ${randomUUID()}` }),
    });
    await response.body.dump();
  };
}

/** The usual first design of a careful team: a row before the request and a row after it, with a commit each. */
export async function twoCommits(context: FloorContext): Promise<Floor> {
  const { databaseUrl, open } = context;
  const pool = open.add(new pg.Pool({ connectionString: databaseUrl, max: floorConnections }), (used) =>
    used.end(),
  );
  await pool.query(`CREATE TABLE IF NOT EXISTS floor_call (
    id uuid PRIMARY KEY, state text NOT NULL, request text NOT NULL, outcome text,
    created_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz) WITH (fillfactor = 45)`);
  const post = directPost(context);
  return async (index) => {
    const id = randomUUID();
    await pool.query({
      name: 'floor_insert',
      text: `INSERT INTO floor_call (id, state, request) VALUES ($1, 'DISPATCHING', $2)`,
      values: [id, JSON.stringify({ text: `two commits ${index}` })],
    });
    await post(index);
    await pool.query({
      name: 'floor_update',
      text: `UPDATE floor_call SET state = 'SUCCEEDED', outcome = $2, ended_at = now() WHERE id = $1`,
      values: [id, '{"ok":true}'],
    });
  };
}

/**
 * A plain kafkajs service: consumes a call, sends a POST, produces the answer. Only Kafka stores it, and nothing
 * removes duplicates.
 */
export async function kafkaEcho(context: FloorContext): Promise<Floor> {
  const { brokers, topicPrefix, open } = context;
  const kafka = new Kafka({ clientId: 'floor', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const run = randomUUID();
  const [requests, answers] = [`${topicPrefix}floor.requests.${run}`, `${topicPrefix}floor.answers.${run}`];
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [requests, answers].map((topic) => ({ topic, numPartitions: 8 })) });
  await admin.disconnect();
  const producer = open.add(
    kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner }),
    (used) => used.disconnect(),
  );
  await producer.connect();
  const waiting = new Map<string, () => void>();
  const post = directPost(context);
  const consume = async (topic: string, handle: (key: string) => Promise<void>): Promise<void> => {
    const consumer = open.add(kafka.consumer({ groupId: `${topic}.group`, maxWaitTimeInMs: 100 }), (used) =>
      used.disconnect(),
    );
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({
      eachBatch: async ({ batch }) => {
        await Promise.all(batch.messages.map((message) => handle(message.key?.toString() ?? '')));
      },
    });
    await joined;
  };
  await consume(requests, async (key) => {
    await post(Number(key));
    await producer.send({ topic: answers, messages: [{ key, value: '{"ok":true}' }] });
  });
  await consume(answers, (key) => {
    waiting.get(key)?.();
    waiting.delete(key);
    return Promise.resolve();
  });
  return async (index) => {
    const key = String(index);
    const answered = new Promise<void>((resolve) => waiting.set(key, resolve));
    await producer.send({ topic: requests, messages: [{ key, value: JSON.stringify({ text: key }) }] });
    await answered;
  };
}

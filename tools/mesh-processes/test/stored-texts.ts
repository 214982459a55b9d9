import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';

import type { MeshHarness } from '../src/testing/mesh-harness.js';

/** A text that the mesh stored, and its place: a table, or a topic and the part of its record. */
export interface StoredText {
  readonly place: string;
  readonly text: string;
}

/** Everything in Kafka and PostgreSQL, for a search of secrets. */
export async function storedTexts(harness: MeshHarness): Promise<readonly StoredText[]> {
  return [...(await allRecords(harness)), ...(await allRows(harness))];
}

/** Keys, values and headers of all records on all topics of this mesh. */
async function allRecords({
  brokers,
  topicPrefix,
}: Pick<MeshHarness, 'brokers' | 'topicPrefix'>): Promise<readonly StoredText[]> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId: `texts-${newId()}` });
  await Promise.all([admin.connect(), consumer.connect()]);
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
  // Each partition with records, and its newest offset. Compaction removes earlier records, and never the newest one.
  const unread = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (low !== high) unread.set(`${topic}/${partition}`, BigInt(high) - 1n);
  const texts: StoredText[] = [];
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, partition, message: { key, value, headers, offset } }) => {
      const name = topic.slice(topicPrefix.length);
      texts.push({ place: `${name}, key`, text: String(key) }, { place: name, text: String(value) });
      for (const [header, text] of Object.entries(headers ?? {}))
        texts.push({ place: `${name}, ${header}`, text: String(text) });
      const place = `${topic}/${partition}`;
      if (BigInt(offset) >= (unread.get(place) ?? 0n)) unread.delete(place);
      return Promise.resolve();
    },
  });
  await waitFor(() => unread.size === 0, { what: 'the newest record of each partition', timeoutMs: 30_000 });
  await Promise.all([admin.disconnect(), consumer.disconnect()]);
  return texts;
}

/** Every row of every table, with bytes as text. */
async function allRows({ databaseUrl }: Pick<MeshHarness, 'databaseUrl'>): Promise<readonly StoredText[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const { rows: tables } = await pool.query<{ place: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS place FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts: StoredText[] = [];
    for (const { place } of tables) {
      const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM ${place}`);
      const text = JSON.stringify(rows, (_, value: unknown) =>
        isBytes(value) ? Buffer.from(value.data).toString('latin1') : value,
      );
      texts.push({ place, text });
    }
    return texts;
  } finally {
    await pool.end();
  }
}

function isBytes(value: unknown): value is { readonly data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

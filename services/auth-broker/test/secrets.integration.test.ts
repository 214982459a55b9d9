import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { IdentityPublished } from '@action-mesh/contracts/auth-broker';
import { keyDigest, newKeyText } from '@action-mesh/identity';
import { TopicFollower } from '@action-mesh/messaging';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import pg from 'pg';

import { askBroker, BrokerHarness, created, platformCaller, roleOf } from './broker-harness.js';

jest.setTimeout(120_000);

let mesh: BrokerHarness;

beforeAll(async () => {
  mesh = await BrokerHarness.start();
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

leakCheck();

/** Every row of every table of the service, as text. */
async function dump(url: string): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'auth_broker'`,
    );
    const texts = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM auth_broker.${name} t`,
      );
      texts.set(name, rows.map(({ row }) => row).join('\n'));
    }
    return texts;
  } finally {
    await client.end();
  }
}

/** Starts the broker as a process of its own, and collects everything that it prints. */
async function startProcess(more: Record<string, string>) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: {
      PATH: process.env['PATH'] ?? '',
      KAFKA_BROKERS: mesh.kafka.brokers.join(','),
      KAFKA_TOPIC_PREFIX: mesh.kafka.topicPrefix,
      DATABASE_URL: mesh.database.url,
      MESH_SERVICE_KEY: 'k'.repeat(48),
      AUTH_BROKER_KEYS: mesh.vaultKey,
      PORT: '0',
      LOG_LEVEL: 'trace',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  const url = await waitFor(() => /"url":"(http:[^"]+)"/.exec(printed)?.[1], {
    what: 'the broker to listen',
    timeoutMs: 30_000,
  });
  return {
    url,
    printed: () => printed,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

describe('the text of a key', () => {
  it('is in no table, no record, no log and no later answer', async () => {
    const records: string[] = [];
    const platformKey = newKeyText('api', 'dev');
    const keys: string[] = [platformKey];
    const answers: unknown[] = [];
    let printed = '';
    {
      await using broker = await startProcess({ AUTH_BROKER_PLATFORM_KEY: platformKey });
      await using follower = new TopicFollower({
        client: { ...mesh.kafka, clientId: 'canary' },
        topic: IdentityPublished.topic,
        onRecord: ({ key, value, headers }) =>
          records.push(`${String(key)} ${String(value)} ${JSON.stringify(headers)}`),
      });
      await follower.start();
      await askBroker(broker, platformCaller, 'PUT', '/tenants/acme', {});
      const owner = roleOf('owner', 'acme');
      const one = await created(broker, owner, { role: 'agent' });
      const two = await created(broker, owner, { role: 'agent', use: 'publisher' });
      const three = await created(broker, owner, {}, `/keys/${one.id}/rotate`);
      keys.push(one.key, two.key, three.key);
      answers.push(
        await askBroker(broker, owner, 'GET', '/keys'),
        await askBroker(broker, owner, 'GET', `/keys/${three.id}`),
        // A caller takes the key for its id, or for a value of a request.
        await askBroker(broker, owner, 'DELETE', `/keys/${three.key}`),
        await askBroker(broker, owner, 'POST', '/keys', { role: three.key, holder: `${three.key}\n` }),
        await askBroker(broker, owner, 'POST', '/keys', `{"role": ${three.key}`),
        await askBroker(broker, owner, 'DELETE', `/keys/${two.id}`),
      );
      await waitFor(() => records.length >= 5, { what: 'the records' });
      printed = broker.printed();
    }
    const tables = await dump(mesh.database.url);
    expect([...tables.keys()]).toEqual(
      expect.arrayContaining(['api_key', 'tenant', 'kill_switch', 'token_issuer']),
    );
    expect(tables.get('api_key')).toContain(keyDigest(platformKey));
    expect(printed).toContain('identities published');
    for (const key of keys) {
      // The end has the checksum and a part of the secret.
      for (const secret of [key, key.slice(-30)]) {
        for (const [table, text] of tables) expect([table, text.includes(secret)]).toEqual([table, false]);
        expect(records.join('\n')).not.toContain(secret);
        expect(printed).not.toContain(secret);
        expect(JSON.stringify(answers)).not.toContain(secret);
      }
      expect(printed).not.toContain(keyDigest(key));
      expect(JSON.stringify(answers)).not.toContain(keyDigest(key));
    }
  });
});

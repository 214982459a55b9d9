import { IdentityPublished, type Identity } from '@action-mesh/contracts/auth-broker';
import { createDatabase, startKafka } from '@action-mesh/devstack';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { encodeEvent, KafkaProducer } from '@action-mesh/messaging';
import { leakCheck, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import pg from 'pg';

import { askBroker, BrokerHarness, created, platformCaller, roleOf } from './broker-harness.js';

jest.setTimeout(180_000);

let mesh: BrokerHarness;

beforeAll(async () => {
  mesh = await BrokerHarness.start();
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

leakCheck();

const owner = roleOf('owner', 'acme');

async function publish({ kafka }: BrokerHarness, identities: readonly Identity[]): Promise<void> {
  const producer = new KafkaProducer({
    client: { ...kafka, clientId: 'forger' },
    topics: [IdentityPublished.topic],
  });
  try {
    await producer.sendAll(
      identities.map((each) => encodeEvent(IdentityPublished, each, { source: '/test' })),
    );
  } finally {
    await producer.close();
  }
}

async function inDatabase<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('a restarted auth broker', () => {
  it('makes the topic equal to the record again (AB6)', async () => {
    let key = '';
    let id = '';
    {
      await using broker = await mesh.broker();
      await askBroker(broker, platformCaller, 'PUT', '/tenants/acme', {});
      ({ key, id } = await created(broker, owner, { role: 'agent' }));
      const other = await created(broker, owner, { role: 'viewer' });
      // The process ends after the commit of a revocation and before its publication.
      await broker.close();
      await inDatabase(mesh.database.url, (client) =>
        client.query('UPDATE auth_broker.api_key SET revoked_at = now(), revoked_by = $2 WHERE id = $1', [
          other.id,
          'ada',
        ]),
      );
      await using door = await mesh.door();
      expect(door.opensFor(other.key)).toBe(true);
    }
    const forged = sampleKey('acme');
    await publish(mesh, [sampleTenant('hooli'), forged.identity, { ...forged.identity, id }]);
    await using restarted = await mesh.broker();
    expect(restarted.name).toBe('auth-broker');
    await using door = await mesh.door();
    expect(door.opensFor(key)).toBe(true);
    expect(door.opensFor(forged.key)).toBe(false);
    expect([...door.view.values()].map(({ kind }) => kind).sort()).toEqual(['key', 'tenant']);
  });

  it('repairs the topic while it runs', async () => {
    await using broker = await mesh.broker();
    await using door = await mesh.door();
    // The regular run comes every 3 s. Several repairs in a row are not its work.
    for (let round = 0; round < 4; round += 1) {
      const { id, key } = await created(broker, owner, { role: 'agent' });
      await waitFor(() => door.opensFor(key), { what: 'the key' });
      const forged = sampleKey('acme');
      await publish(mesh, [forged.identity, { ...forged.identity, id }]);
      await waitFor(() => !door.opensFor(forged.key) && door.opensFor(key), {
        what: 'the repair',
        timeoutMs: 1_500,
      });
    }
  });

  it('lets another database take everything back, since no person could revoke it there', async () => {
    await using empty = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
    await using other = await mesh.broker({ DATABASE_URL: empty.url });
    expect(other.name).toBe('auth-broker');
    await using door = await mesh.door();
    expect(door.view.size).toBe(0);
  });
});

describe('two auth brokers', () => {
  it('bring no revoked key back, however their changes interleave', async () => {
    await using first = await mesh.broker();
    await using second = await mesh.broker();
    await using door = await mesh.door();
    await askBroker(first, platformCaller, 'PUT', '/tenants/acme', {});
    const wentBack: string[] = [];
    const revoked = new Set<string>();
    door.view.onChange((key, identity) => {
      if (identity !== undefined && revoked.has(key)) wentBack.push(key);
    });
    const kept: string[] = [];
    await Promise.all(
      [first, second].map(async (creator, index) => {
        const other = index === 0 ? second : first;
        for (let round = 0; round < 15; round += 1) {
          const { id } = await created(creator, owner, { role: 'agent' });
          if (round % 3 === 0) kept.push(`key/${id}`);
          else {
            expect((await askBroker(other, owner, 'DELETE', `/keys/${id}`)).status).toBe(204);
            await waitFor(() => !door.has(`key/${id}`), { what: 'the revocation', timeoutMs: 2_000 });
            revoked.add(`key/${id}`);
          }
        }
      }),
    );
    await waitFor(() => kept.every((key) => door.has(key)), { what: 'the other keys' });
    expect(wentBack).toEqual([]);
    expect([...revoked].filter((key) => door.has(key))).toEqual([]);
  });

  it('start at once on an empty database', async () => {
    await using fresh = await BrokerHarness.start();
    const brokers = await Promise.all([fresh.broker(), fresh.broker()]);
    try {
      for (const broker of brokers) expect((await fetch(`${broker.url}/health/ready`)).status).toBe(200);
    } finally {
      for (const broker of brokers) await broker.close();
    }
  });
});

describe('the auth broker without Kafka', () => {
  it('keeps a revocation, says that it is not published, and publishes it afterwards', async () => {
    await using kafka = await startKafka();
    await using alone = await BrokerHarness.start(kafka.brokers);
    await using broker = await alone.broker();
    await askBroker(broker, platformCaller, 'PUT', '/tenants/acme', {});
    const { id, key } = await created(broker, owner, { role: 'agent' });
    await kafka.stop({ signal: 'SIGKILL' });
    const startedAt = performance.now();
    expect((await askBroker(broker, owner, 'DELETE', `/keys/${id}`)).status).toBe(204);
    const later = await askBroker(broker, owner, 'POST', '/keys', { role: 'agent' });
    expect(later).toMatchObject({ status: 201, body: { published: false } });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await kafka.restart();
    await using door = await alone.door();
    await waitFor(() => door.opensFor(String(later.body['key'])) && !door.opensFor(key), {
      what: 'both publications',
      timeoutMs: 60_000,
    });
  });
});

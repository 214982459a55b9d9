import { randomUUID } from 'node:crypto';

import {
  openLease,
  publicKeyOf,
  purposeKey,
  signTokenRequest,
  subjectOf,
  type LeaseAnswer,
  type TokenRequest,
} from '@action-mesh/connections';
import { ConnectionChanged, TokenLeased, TokenRequested } from '@action-mesh/contracts/auth-broker';
import { topics } from '@action-mesh/contracts';
import { DataKeys } from '@action-mesh/crypto';
import { newId } from '@action-mesh/kernel';
import {
  decodeEvent,
  encodeEvent,
  KafkaProducer,
  TopicFollower,
  type IncomingRecord,
} from '@action-mesh/messaging';
import { createPool } from '@action-mesh/postgres';
import type { RunningService } from '@action-mesh/platform';
import { providers } from '@action-mesh/providers';
import { waitFor } from '@action-mesh/testing';
import { keyProviderOf, PostgresDataKeyStore } from '@action-mesh/vault';
import { jest } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';

import { PostgresConnectionStore } from '../src/adapters/postgres/connections/postgres-connection-store.js';
import { EnvelopeVault } from '../src/adapters/vault/envelope-vault.js';
import { SaveNewConnection } from '../src/application/connections/save-connection.js';
import { BrokerHarness, serviceKey } from './broker-harness.js';

jest.setTimeout(120_000);

const requestKey = purposeKey(serviceKey, 'token-request');
const leaseKey = purposeKey(serviceKey, 'token-lease');
const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
const recipient = randomUUID();

let mesh: BrokerHarness;
let broker: RunningService;
let pool: Pool;
let producer: KafkaProducer;
let connectionId: string;
const leases: IncomingRecord[] = [];
const changes: IncomingRecord[] = [];
const deadLetters: IncomingRecord[] = [];
const followers: TopicFollower[] = [];

beforeAll(async () => {
  mesh = await BrokerHarness.start();
  broker = await mesh.broker();
  pool = createPool({
    url: mesh.database.url,
    schema: 'auth_broker',
    role: 'service',
    applicationName: 'token-requests',
    maxConnections: 4,
  });
  const client = { ...mesh.kafka, clientId: 'executor' };
  producer = new KafkaProducer({ client, topics: [TokenRequested.topic] });
  for (const [topic, records] of [
    [TokenLeased.topic, leases],
    [ConnectionChanged.topic, changes],
    [topics.deadLetters.name, deadLetters],
  ] as const) {
    const follower = new TopicFollower({ client, topic, onRecord: (record) => records.push(record) });
    followers.push(follower);
    await follower.start();
  }
  await pool.query(`INSERT INTO tenant (tenant_id, created_at) VALUES ('acme', now())`);
  await pool.query(
    `INSERT INTO integration (tenant_id, integration, provider, client_id, scopes, serves, hosts, settings, return_origins,
                              updated_at, updated_by)
     VALUES ('acme', 'github', 'github', 'client', '{}', '{}', '{}', '{}', '{}', now(), 'test')`,
  );
  const keys = new DataKeys(keyProviderOf(mesh.config().vault), new PostgresDataKeyStore(pool));
  const save = new SaveNewConnection({
    // The broker's sweep publishes the change, as after a crash of its writer.
    connections: new PostgresConnectionStore(pool, () => undefined),
    vault: new EnvelopeVault(keys),
    providers,
  });
  const saved = await save.run({
    tenantId: 'acme',
    userId: 'ada',
    integration: 'github',
    provider: 'github',
    credential: { kind: 'oauth2', accessToken: 'gho_secret_token' },
    scopes: ['repo'],
    allowOtherAccount: false,
  });
  if (saved.kind !== 'saved') throw new Error(saved.kind);
  ({ connectionId } = saved);
});
afterAll(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  await producer.close();
  await pool.end();
  await broker.close();
  await mesh[Symbol.asyncDispose]();
});

async function requestOf(changed: Partial<TokenRequest> = {}): Promise<TokenRequest> {
  return {
    id: randomUUID(),
    recipient,
    key: publicKeyOf(await exportJWK(pair.publicKey)),
    tenant_id: 'acme',
    user_id: 'ada',
    integration: 'github',
    call_id: newId(),
    ...changed,
  };
}

async function send(request: TokenRequest, signedAtMs = Date.now(), key = requestKey): Promise<void> {
  const text = await signTokenRequest(request, key, signedAtMs);
  await producer.send(
    encodeEvent(TokenRequested, { subject: subjectOf(request), request: text }, { source: '/test' }),
  );
}

/** The answer to a request, among all records for this executor. */
async function answerTo(request: TokenRequest): Promise<LeaseAnswer> {
  return waitFor(
    async () => {
      for (const record of leases) {
        const { data } = decodeEvent(TokenLeased, record);
        const answer = await openLease(data.lease, {
          request,
          privateKey: pair.privateKey,
          key: leaseKey,
          nowMs: Date.now(),
        });
        if (typeof answer !== 'string') return answer;
      }
      return undefined;
    },
    { what: 'the lease', timeoutMs: 30_000 },
  );
}

describe('a signed request on Kafka', () => {
  it('is answered with a lease that only its executor can read [TR2]', async () => {
    const request = await requestOf({ scopes: [['public_repo']] });
    await send(request);
    expect(await answerTo(request)).toEqual({
      credential: {
        connection_id: connectionId,
        version: 1,
        places: [{ in: 'header', name: 'authorization', value: 'Bearer gho_secret_token' }],
        hosts: expect.arrayContaining(['api.github.com']) as unknown,
        scopes: expect.arrayContaining(['repo', 'public_repo']) as unknown,
      },
    });
    expect(leases.map(({ value }) => value?.toString() ?? '').join()).not.toContain('gho_secret_token');
    expect(leases.map(({ key }) => key?.toString())).toEqual([recipient]);
  });

  it('is answered with the reason and a link when there is no connection', async () => {
    const request = await requestOf({ user_id: 'bob' });
    await send(request);
    expect(await answerTo(request)).toMatchObject({
      refusal: {
        code: 'no_connection',
        connect_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/connect\/link\//) as unknown,
      },
    });
  });

  it('is dropped without a trace when it is forged, old or unreadable [TR1, TR3]', async () => {
    const before = leases.length;
    const forged = await requestOf();
    await send(forged, Date.now(), purposeKey('x'.repeat(40), 'token-request'));
    await send(await requestOf(), Date.now() - 120_000);
    const unreadable = encodeEvent(
      TokenRequested,
      { subject: subjectOf(forged), request: 'nothing' },
      { source: '/test' },
    );
    await producer.send(unreadable);
    await producer.send({ ...unreadable, value: Buffer.from('no JSON') });
    // A later request of the same user shows that the others were read.
    const last = await requestOf();
    await send(last);
    await answerTo(last);
    expect(leases).toHaveLength(before + 1);
    expect(deadLetters).toEqual([]);
  });
});

describe('a change of a connection', () => {
  it('whose writer died is published by a broker [CE2]', async () => {
    await waitFor(() => changes.length > 0, { what: 'the change', timeoutMs: 30_000 });
    expect(decodeEvent(ConnectionChanged, changes[0] as IncomingRecord).data).toMatchObject({
      connection_id: connectionId,
      change: 'created',
      seq: 1,
    });
    await waitFor(async () => (await pool.query('SELECT FROM connection_event')).rowCount === 0, {
      what: 'the deletion of published changes',
    });
  });
});

import { callerHeaders } from '@action-mesh/contracts';
import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { createDatabase, OwnTopics, type OwnDatabase } from '@action-mesh/devstack';
import { newId } from '@action-mesh/kernel';
import { encodeEvent, KafkaProducer } from '@action-mesh/messaging';
import { serviceKeyHeader } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';
import pg from 'pg';

import { MeshProcesses } from '../src/index.js';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
let database: OwnDatabase;
let topics: OwnTopics;
let mesh: MeshProcesses;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_audit_crash');
  topics = new OwnTopics(brokers, 'audit-crash');
  mesh = new MeshProcesses({
    devstack: { kafkaBrokers: brokers },
    topicPrefix: topics.prefix,
    databaseUrl: database.url,
    tools: '',
    providerUrls: {},
    egressAllow: [],
    onUnexpectedExit: (error) => {
      throw error;
    },
  });
  await mesh.start('audit');
  await mesh.kill('audit');
}, 240_000);

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await topics[Symbol.asyncDispose]();
  await database.drop();
}, 60_000);

/** Kills its process at a diagnostic point. */
function deathAt(point: string): URL {
  const code = `import{subscribe}from'node:diagnostics_channel';subscribe('mesh:audit:${point}',()=>process.kill(process.pid,'SIGKILL'))`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

function outcome(): OutcomeOfCall {
  return {
    call_id: newId(),
    replayed: false,
    seq: 1,
    tenant_id: 'acme',
    user_id: 'ada',
    tool: { slug: 'read_item', version: '1.0.0' },
    status: 'succeeded',
    attempts: 1,
    recovered: false,
    at: new Date().toISOString(),
    duration_ms: 3.5,
  };
}

async function entries(): Promise<number> {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  try {
    const { rows } = await pool.query<{ count: number }>(
      "SELECT count(*)::integer AS count FROM audit.entry WHERE tenant_id = 'acme'",
    );
    return rows[0]?.count ?? 0;
  } finally {
    await pool.end();
  }
}

let told = 0;

it.each(['after_insert', 'before_commit', 'after_commit'])(
  'I13: one entry per transition after a kill at %s, and an intact chain',
  async (point) => {
    mesh.launch('audit', {}, [deathAt(point)]);
    const died = mesh.death('audit');
    const client = { brokers, clientId: 'test', topicPrefix: topics.prefix };
    const producer = new KafkaProducer({ client, topics: [CallOutcome.topic] });
    await producer.sendAll(
      Array.from({ length: 25 }, () => encodeEvent(CallOutcome, outcome(), { source: '/services/executor' })),
    );
    await producer.close();
    told += 25;
    await died;
    await mesh.start('audit');
    await waitFor(async () => (await entries()) >= told, { what: 'all entries', timeoutMs: 60_000 });
    const answer = await fetch(`${mesh.urlOf('audit')}/internal/verification`, {
      headers: {
        [serviceKeyHeader]: mesh.serviceKey,
        ...callerHeaders({ tenantId: 'acme', holder: 'auditor', scopes: new Set(['audit:read']) }),
      },
    });
    expect(await answer.json()).toMatchObject({ intact: true, verified_to: told, complete: true });
    expect(await entries()).toBe(told);
    await mesh.kill('audit');
  },
  180_000,
);

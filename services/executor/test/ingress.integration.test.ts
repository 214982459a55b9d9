import { randomBytes } from 'node:crypto';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import {
  CallOutcome,
  refusedRecordPageSchema,
  type RefusedRecord,
  type RefusedRecordPage,
} from '@action-mesh/contracts/executor';
import { createDatabase } from '@action-mesh/devstack';
import { newId } from '@action-mesh/kernel';
import { ensureTopics } from '@action-mesh/messaging';
import { OpenResources } from '@action-mesh/platform';
import { sampleTool, startProviderSimulator, waitFor, type ProviderSimulator } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';

import { executorConfig, startExecutor } from '../src/index.js';

jest.setTimeout(120_000);

const serviceKey = 'k'.repeat(48);

const publisherKey = 'the-key-of-the-test';
const topicPrefix = `ingress-${randomBytes(4).toString('hex')}.`;
const traceId = 'a'.repeat(32);
const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;

interface Seen {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

const open = new OpenResources();
const outcomes: Seen[] = [];
const letters: Seen[] = [];
let oracle: ProviderSimulator;
let producer: Producer;
let executorUrl: string;

/** An executor under its own prefix. The publisher is a plain kafkajs client without our libraries. */
beforeAll(async () => {
  const { KAFKA_BROKERS = '', DATABASE_URL = '' } = process.env;
  const brokers = KAFKA_BROKERS.split(',');
  const database = open.use(await createDatabase(DATABASE_URL, 'mesh_test'));
  oracle = open.use(await startProviderSimulator());
  const client = new Kafka({ clientId: 'stranger', brokers, logLevel: logLevel.NOTHING });
  const admin = open.add(client.admin(), async (used) => {
    const own = (await used.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
    await used.deleteTopics({ topics: own });
    await used.disconnect();
  });
  await admin.connect();
  await ensureTopics({ brokers, clientId: 'test', topicPrefix }, topicConfigurations);
  producer = open.add(client.producer(), (used) => used.disconnect());
  await producer.connect();
  const tool = sampleTool({
    provider: { slug: 'sim', base_url: oracle.url },
    http: { method: 'POST', path: '/echo', parameters: [], headers: {} },
  });
  await publish(
    topics.tools.name,
    JSON.stringify(tool),
    { ce_type: 'mesh.tool.published.v1' },
    `${tool.slug}@${tool.version}`,
  );
  for (const [topic, into] of [
    [topics.outcomes.name, outcomes],
    [topics.deadLetters.name, letters],
  ] as const) {
    const consumer = open.add(client.consumer({ groupId: newId(), maxWaitTimeInMs: 50 }), (used) =>
      used.disconnect(),
    );
    await consumer.connect();
    await consumer.subscribe({ topic: topicPrefix + topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { key, value, headers = {} } }) => {
        const text = Object.entries(headers).map(([name, header]) => [name, String(header)]);
        into.push({
          key: key?.toString() ?? '',
          value: readObject(value),
          headers: Object.fromEntries(text) as Record<string, string>,
        });
        return Promise.resolve();
      },
    });
  }
  const executor = open.add(
    await startExecutor(
      executorConfig({
        KAFKA_BROKERS,
        KAFKA_TOPIC_PREFIX: topicPrefix,
        DATABASE_URL: database.url,
        PORT: '0',
        LOG_LEVEL: 'silent',
        MESH_SERVICE_KEY: serviceKey,
        EXECUTOR_PUBLISHER_KEY: publisherKey,
        EGRESS_ALLOW: new URL(oracle.url).host,
      }),
    ),
    (used) => used.close(),
  );
  executorUrl = executor.url;
});

afterAll(() => open.close());

function readObject(value: Buffer | null): Record<string, unknown> {
  try {
    return (JSON.parse(value?.toString() ?? '') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function publish(
  topic: string,
  value: string | Buffer | null,
  headers: Readonly<Record<string, string>> = {},
  key = newId(),
): Promise<void> {
  const cloudEvent = {
    ce_id: newId(),
    ce_type: 'mesh.call.submitted.v1',
    ce_source: '/test',
    ce_specversion: '1.0',
    'content-type': 'application/json',
    'mesh-publisher-token': publisherKey,
  };
  await producer.send({
    topic: topicPrefix + topic,
    messages: [{ key, value, headers: { ...cloudEvent, ...headers } }],
  });
}

const submission = (changes: object = {}): Record<string, unknown> & { readonly call_id: string } => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com', company: newId() },
  call_id: newId(),
  ...changes,
});

function outcomeOf(callId: string): Promise<Seen> {
  return waitFor(() => outcomes.find(({ key }) => key === callId), {
    what: `the outcome of ${callId}`,
    timeoutMs: 30_000,
  });
}

async function effectsOf(call: Readonly<Record<string, unknown>>): Promise<number> {
  const wanted = JSON.stringify(call['arguments']);
  const requests = await oracle.requests({ path: '/echo' });
  return requests.filter(({ body }) => JSON.stringify(body) === wanted).length;
}

describe('calls that are published directly to Kafka', () => {
  it('are run once, in the trace of their record, however often the record comes', async () => {
    const request = submission();
    for (let copy = 0; copy < 3; copy += 1)
      await publish(topics.ingress.name, JSON.stringify(request), { traceparent });
    const outcome = await outcomeOf(request.call_id);
    expect(CallOutcome.schema.parse(outcome.value)).toMatchObject({
      status: 'succeeded',
      tenant_id: 'default',
    });
    expect(outcome.headers['traceparent']).toContain(traceId);
    const after = submission();
    await publish(topics.ingress.name, JSON.stringify(after));
    await outcomeOf(after.call_id);
    expect(await effectsOf(request)).toBe(1);
  });

  it('are the same call when their content is equal', async () => {
    const original = submission();
    await publish(topics.ingress.name, JSON.stringify(original));
    await outcomeOf(original.call_id);
    const again = { ...original, call_id: newId() };
    await publish(topics.ingress.name, JSON.stringify(again));
    expect((await outcomeOf(again.call_id)).value).toMatchObject({
      duplicate_of: original.call_id,
      replayed: true,
    });
    expect(await effectsOf(original)).toBe(1);
  });

  it('get a failed outcome when they are refused', async () => {
    const request = submission({ arguments: { emial: 'x' } });
    await publish(topics.ingress.name, JSON.stringify(request), { traceparent });
    const outcome = await outcomeOf(request.call_id);
    expect(CallOutcome.schema.parse(outcome.value)).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: { code: 'invalid_arguments', category: 'request' },
    });
    expect(outcome.headers['traceparent']).toContain(traceId);
    expect(await effectsOf(request)).toBe(0);
  });

  it('may name a version that is published later', async () => {
    const later = sampleTool({
      version: '9.0.0',
      provider: { slug: 'sim', base_url: oracle.url },
      http: { method: 'POST', path: '/echo', parameters: [], headers: {} },
    });
    const early = submission({ tool: { slug: later.slug, version: later.version } });
    await publish(topics.ingress.name, JSON.stringify(early));
    expect((await outcomeOf(early.call_id)).value).toMatchObject({
      error: { code: 'tool_version_not_found' },
    });
    await publish(
      topics.tools.name,
      JSON.stringify(later),
      { ce_type: 'mesh.tool.published.v1' },
      `${later.slug}@9.0.0`,
    );
    await waitFor(
      async () => {
        const call = submission({ tool: { slug: later.slug, version: later.version } });
        await publish(topics.ingress.name, JSON.stringify(call));
        return (await outcomeOf(call.call_id)).value['status'] === 'succeeded';
      },
      { what: 'the new version to be called', timeoutMs: 30_000 },
    );
  });

  it.each<[string, string, (good: string) => string | Buffer | null, Record<string, string>]>([
    ['no token', 'PUBLISHER_TOKEN_INVALID', (good) => good, { 'mesh-publisher-token': '' }],
    ['a wrong token', 'PUBLISHER_TOKEN_INVALID', (good) => good, { 'mesh-publisher-token': 'wrong' }],
    [
      'a name twice',
      'IJSON_DUPLICATE_NAME',
      (good) => good.replace('"email"', '"email":"eve@example.com","email"'),
      {},
    ],
    ['__proto__', 'IJSON_FORBIDDEN_NAME', (good) => good.replace('"email"', '"__proto__":{},"email"'), {}],
    ['half a character', 'IJSON_LONE_SURROGATE', (good) => good.replace('ada@', String.raw`\ud800ada@`), {}],
    ['no JSON', 'INVALID_JSON', () => '{', {}],
    ['no value', 'NULL_VALUE', () => null, {}],
    ['another shape', 'SCHEMA_VIOLATION', () => '{}', {}],
    ['another type', 'UNKNOWN_EVENT_TYPE', (good) => good, { ce_type: 'mesh.call.submitted.v2' }],
  ])(
    'are dead-lettered with %s, once, without their token, and disturb no other',
    async (_what, reason, change, headers) => {
      const id = newId();
      const good = submission();
      await publish(topics.ingress.name, change(JSON.stringify(submission())), { ...headers, ce_id: id });
      await publish(topics.ingress.name, JSON.stringify(good));
      await outcomeOf(good.call_id);
      const mine = (): Seen[] => letters.filter((letter) => letter.headers['ce_id'] === id);
      await waitFor(() => mine().length > 0, { what: 'the dead letter', timeoutMs: 30_000 });
      expect(mine()).toHaveLength(1);
      expect(mine()[0]?.headers['mesh-error-code']).toContain(reason);
      expect(JSON.stringify(mine()[0]?.headers)).not.toContain(publisherKey);
    },
  );

  const v4 = 'd9428888-122b-4c3a-8a1b-2f4c5d6e7f80';
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, string, RegExp, (call: Record<string, unknown>) => string, Record<string, string>]>([
    [
      'a wrong token',
      'publisher_token_invalid',
      /mesh-publisher-token/,
      asJson,
      { 'mesh-publisher-token': 'no' },
    ],
    ['a missing header', 'missing_header', /ce_source/, asJson, { ce_source: '' }],
    ['another type', 'unknown_event_type', /ce_type/, asJson, { ce_type: 'mesh.call.submitted.v2' }],
    ['no JSON', 'invalid_json', /not JSON/, (call) => asJson(call).slice(0, -1), {}],
    ['an unknown member', 'schema_violation', /"colour"/, (call) => asJson({ ...call, colour: 1 }), {}],
    ['a UUIDv4', 'schema_violation', /call_id.*version 4/, (call) => asJson({ ...call, call_id: v4 }), {}],
    ['100,000 levels', 'too_deep', /512 deep/, (call) => asJson(call).replace('"ada@example.com"', deep), {}],
    [
      'too much',
      'record_too_large',
      /bytes/,
      (call) => asJson({ ...call, occurrence: 'x'.repeat(1_000_100) }),
      {},
    ],
  ])('with %s are answered and listed, with their fault', async (_what, code, why, change, headers) => {
    const call = submission();
    const value = change(call);
    const callId = value.includes(v4) ? v4 : call.call_id;
    await publish(topics.ingress.name, value, headers, callId);
    const outcome = CallOutcome.schema.parse((await outcomeOf(callId)).value);
    expect(outcome).toMatchObject({ status: 'failed', tenant_id: 'default', error: { code } });
    expect(outcome.error?.message).toMatch(why);
    expect(outcome.error?.fix).not.toContain('errors');
    if (code === 'publisher_token_invalid') expect(outcome.user_id).toBe('unknown');
    const listed = await refusedRecords();
    expect(listed.find(({ call_id }) => call_id === callId)).toMatchObject({
      code: code.toUpperCase(),
      origin: { topic: topics.ingress.name },
    });
  });

  it('are read page by page, each once', async () => {
    const all = await refusedRecords();
    const origins: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await refusedPage(`limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      origins.push(...page.records.map(({ origin }) => origin));
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(all.length).toBeGreaterThan(4);
    expect(origins).toEqual(all.map(({ origin }) => origin));
  });

  it('cannot end a running call: no outcome goes out under an id that the ledger knows', async () => {
    const call = submission();
    await publish(topics.ingress.name, JSON.stringify(call));
    await outcomeOf(call.call_id);
    await publish(topics.ingress.name, JSON.stringify(call), { 'mesh-publisher-token': 'no' });
    await publish(topics.ingress.name, JSON.stringify({ ...call, arguments: { email: 'eve@example.com' } }));
    await waitFor(
      async () => (await refusedRecords()).filter(({ call_id }) => call_id === call.call_id).length === 2,
      { what: 'both records to be listed', timeoutMs: 30_000 },
    );
    expect(outcomes.filter(({ key }) => key === call.call_id)).toHaveLength(1);
  });
});

it.each(['calls', 'waiting', 'dead-letters', 'governor', 'refused-records', 'ledger', 'lateness'])(
  '/internal/%s asks for the service key',
  async (name) => {
    expect((await fetch(`${executorUrl}/internal/${name}`)).status).toBe(401);
  },
);

function asJson(value: unknown): string {
  return JSON.stringify(value);
}

async function refusedRecords(): Promise<readonly RefusedRecord[]> {
  return (await refusedPage('limit=100')).records;
}

async function refusedPage(query: string): Promise<RefusedRecordPage> {
  const response = await fetch(`${executorUrl}/internal/refused-records?${query}`, {
    headers: { 'x-mesh-service-key': serviceKey, 'x-mesh-tenant': 'default' },
  });
  return refusedRecordPageSchema.parse(await response.json());
}

import { topics } from '@action-mesh/contracts';
import { CallOutcome, noTenant } from '@action-mesh/contracts/executor';
import { sampleKey, sampleTenant } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { IngressStage, sampleToolAt, submission, type Seen } from './ingress-stage.js';

jest.setTimeout(120_000);

const publisher = sampleKey('acme', { use: 'publisher', scopes: ['calls:write'] });
const traceId = 'a'.repeat(32);
const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;

let stage: IngressStage;
let executorUrl: string;

beforeAll(async () => {
  stage = await IngressStage.open(sampleTenant('acme'), publisher.identity);
  executorUrl = (await stage.start()).url;
});

afterAll(() => stage[Symbol.asyncDispose]());

function publish(
  value: string | Buffer | null,
  headers: Readonly<Record<string, string>> = {},
  key?: string,
) {
  return stage.publish(
    topics.ingress.name,
    value,
    { 'mesh-publisher-token': publisher.key, ...headers },
    key,
  );
}

describe('calls that are published directly to Kafka', () => {
  it('are run once, in the trace of their record, however often the record comes', async () => {
    const request = submission();
    for (let copy = 0; copy < 3; copy += 1) await publish(JSON.stringify(request), { traceparent });
    const outcome = await stage.outcomeOf(request.call_id);
    expect(CallOutcome.schema.parse(outcome.value)).toMatchObject({
      status: 'succeeded',
      tenant_id: 'acme',
    });
    expect(outcome.headers['traceparent']).toContain(traceId);
    const after = submission();
    await publish(JSON.stringify(after));
    await stage.outcomeOf(after.call_id);
    expect(await stage.effectsOf(request)).toBe(1);
  });

  it('are the same call when their content is equal', async () => {
    const original = submission();
    await publish(JSON.stringify(original));
    await stage.outcomeOf(original.call_id);
    const again = { ...original, call_id: newId() };
    await publish(JSON.stringify(again));
    expect((await stage.outcomeOf(again.call_id)).value).toMatchObject({
      duplicate_of: original.call_id,
      replayed: true,
    });
    expect(await stage.effectsOf(original)).toBe(1);
  });

  it('get a failed outcome when they are refused', async () => {
    const request = submission({ arguments: { emial: 'x' } });
    await publish(JSON.stringify(request), { traceparent });
    const outcome = await stage.outcomeOf(request.call_id);
    expect(CallOutcome.schema.parse(outcome.value)).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: { code: 'invalid_arguments', category: 'request' },
    });
    expect(outcome.headers['traceparent']).toContain(traceId);
    expect(await stage.effectsOf(request)).toBe(0);
    expect(await stage.refusedRecords('acme')).toContainEqual(
      expect.objectContaining({ call_id: request.call_id, code: 'INVALID_ARGUMENTS' }),
    );
  });

  it('may name a version that is published later', async () => {
    const later = sampleToolAt(stage.oracle.url, { version: '9.0.0' });
    const early = submission({ tool: { slug: later.slug, version: later.version } });
    await publish(JSON.stringify(early));
    expect((await stage.outcomeOf(early.call_id)).value).toMatchObject({
      error: { code: 'tool_version_not_found' },
    });
    await stage.publishTool(later);
    await waitFor(
      async () => {
        const call = submission({ tool: { slug: later.slug, version: later.version } });
        await publish(JSON.stringify(call));
        return (await stage.outcomeOf(call.call_id)).value['status'] === 'succeeded';
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
      await publish(change(JSON.stringify(submission())), { ...headers, ce_id: id });
      await publish(JSON.stringify(good));
      await stage.outcomeOf(good.call_id);
      const mine = (): Seen[] => stage.letters.filter((letter) => letter.headers['ce_id'] === id);
      await waitFor(() => mine().length > 0, { what: 'the dead letter', timeoutMs: 30_000 });
      expect(mine()).toHaveLength(1);
      expect(mine()[0]?.headers['mesh-error-code']).toContain(reason);
      expect(JSON.stringify(mine()[0]?.headers)).not.toContain(publisher.key);
    },
  );

  const v4 = 'd9428888-122b-4c3a-8a1b-2f4c5d6e7f80';
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, string, RegExp, (call: Record<string, unknown>) => string, Record<string, string>]>([
    [
      'a wrong token',
      'publisher_token_invalid',
      /mesh-publisher-token holds no publisher token/,
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
    await publish(value, headers, callId);
    const outcome = CallOutcome.schema.parse((await stage.outcomeOf(callId)).value);
    const isUnproved = code === 'publisher_token_invalid';
    const tenantId = isUnproved ? noTenant : 'acme';
    expect(outcome).toMatchObject({ status: 'failed', tenant_id: tenantId, error: { code } });
    expect(outcome.error?.message).toMatch(why);
    expect(outcome.error?.fix).not.toContain('errors');
    if (isUnproved) expect(outcome.user_id).toBe('unknown');
    const listed = await stage.refusedRecords('acme', 'tenants:admin');
    expect(listed.find(({ call_id }) => call_id === callId)).toMatchObject({
      code: code.toUpperCase(),
      origin: { topic: topics.ingress.name },
    });
    const own = await stage.refusedRecords('acme', 'calls:read dlq:admin');
    expect(own.some(({ call_id }) => call_id === callId)).toBe(!isUnproved);
  });

  it('are read page by page, each once', async () => {
    const all = await stage.refusedRecords('acme', 'tenants:admin');
    const origins: unknown[] = [];
    let cursor: string | undefined;
    do {
      const query = `limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const page = await stage.refusedPage('acme', query, 'tenants:admin');
      origins.push(...page.records.map(({ origin }) => origin));
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(all.length).toBeGreaterThan(4);
    expect(origins).toEqual(all.map(({ origin }) => origin));
  });

  it('cannot end a running call: no outcome goes out under an id that the ledger knows', async () => {
    const call = submission();
    await publish(JSON.stringify(call));
    await stage.outcomeOf(call.call_id);
    await publish(JSON.stringify(call), { 'mesh-publisher-token': 'no' });
    await publish(JSON.stringify({ ...call, arguments: { email: 'eve@example.com' } }));
    await waitFor(
      async () => {
        const listed = await stage.refusedRecords('acme', 'tenants:admin');
        return listed.filter(({ call_id }) => call_id === call.call_id).length === 2;
      },
      { what: 'both records to be listed', timeoutMs: 30_000 },
    );
    expect(stage.outcomes.filter(({ key }) => key === call.call_id)).toHaveLength(1);
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

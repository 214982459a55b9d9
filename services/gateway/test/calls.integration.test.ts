import { topics } from '@action-mesh/contracts';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { CallAccepted, TriggerFired } from '@action-mesh/contracts/gateway';
import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { assertNoLeaks, takeCensus, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { apiKey, GatewayHarness, keyHolder, type SeenRecord, callTopics } from './gateway-harness.js';
import { HttpClient } from './http-client.js';
import { sampleTool } from './sample-tool.js';

jest.setTimeout(120_000);

const traceId = 'a'.repeat(32);
const traceparent = `00-${traceId}-${'b'.repeat(16)}-01`;
const execute = '/v1/tools/crm_update_contact/execute';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

let harness: GatewayHarness;
let gateway: RunningService;
let http: HttpClient;

beforeAll(async () => {
  harness = await GatewayHarness.start();
  gateway = await harness.startGateway();
  http = new HttpClient(gateway.url);
});

afterAll(async () => {
  await gateway.close();
  await harness[Symbol.asyncDispose]();
});

/** A new call of the sample tool, different from all others. */
const call = (company = 'succeed', changes: object = {}): Record<string, unknown> => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  arguments: { email: 'ada@example.com', company },
  ...changes,
});

async function recordOf(topic: string | readonly string[], key: string): Promise<SeenRecord> {
  const seen = await harness.seen(topic);
  return waitFor(() => seen.find(({ key: other, value }) => [other, value['call_id']].includes(key)), {
    what: `the record of ${key} on ${String(topic)}`,
  });
}

describe('a call with a waiting caller', () => {
  it('is answered with its outcome, and keeps one trace from its submitter onwards', async () => {
    const answer = await http.post(execute, call(), { headers: { traceparent, tracestate: 'v=1' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'succeeded',
      result: { echo: { email: 'ada@example.com' } },
    });
    expect(() => CallOutcome.schema.parse(answer.body)).not.toThrow();
    expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    const accepted = await recordOf(callTopics, String(answer.body['call_id']));
    expect(CallAccepted.schema.parse(accepted.value).hash).toBe(accepted.key);
    expect(accepted.headers).toMatchObject({
      ce_type: 'mesh.call.accepted.v1',
      traceparent: answer.headers.get('traceparent'),
      tracestate: 'v=1',
    });
  });

  it('is answered when it failed, too', async () => {
    const answer = await http.post(execute, call('fail'));
    expect([answer.status, answer.body['status']]).toEqual([200, 'failed']);
    expect(answer.body['error']).toMatchObject({ code: 'provider_refused' });
  });

  it('is answered with 202 and an address when the wait is over, and can be found before it is recorded', async () => {
    const answer = await http.post(execute, call('never'), { headers: { prefer: 'wait=0, respond-async' } });
    const callId = String(answer.body['call_id']);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      call_id: expect.stringMatching(uuid) as string,
      status: 'accepted',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      links: { self: `/v1/calls/${callId}` },
    });
    expect(answer.headers.get('location')).toBe(`/v1/calls/${callId}`);
    expect(answer.headers.get('preference-applied')).toBe('respond-async, wait=0');
    expect(answer.headers.get('traceparent')).toContain(String(answer.body['trace_id']));

    const early = await http.get(`/v1/calls/${callId}`);
    expect([early.status, early.body]).toEqual([200, answer.body]);

    harness.views.set(callId, {
      call_id: callId,
      tenant_id: 'default',
      user_id: 'u1',
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      state: 'DISPATCHING',
      attempts: 1,
      received_at: new Date().toISOString(),
    });
    const recorded = await http.get(`/v1/calls/${callId}`);
    expect([recorded.status, recorded.body['state']]).toEqual([200, 'DISPATCHING']);
  });

  it('waits as long as preferred', async () => {
    const startedAt = performance.now();
    const answer = await http.post(execute, call('never'), { headers: { prefer: 'wait=1' } });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([202, 'wait=1']);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it('keeps its caller waiting through outcomes that are not the last', async () => {
    const answer = await http.post(execute, call('unsure_then_succeed'));
    expect([answer.status, answer.body['status'], answer.body['seq']]).toEqual([200, 'succeeded', 9]);
  });

  it('is answered at once with 202 when it continues only after the wait', async () => {
    const answer = await http.post(execute, call('park'), { headers: { prefer: 'wait=60' } });
    expect([answer.status, answer.body['status']]).toEqual([202, 'waiting']);
    expect(CallOutcome.schema.parse(answer.body).waiting?.reason).toBe('rate_limited');
    expect(answer.headers.get('location')).toBe(`/v1/calls/${String(answer.body['call_id'])}`);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(3_600);
  });

  it('is answered at once with 202 and no time when a kill switch holds it', async () => {
    const answer = await http.post(execute, call('hold'), { headers: { prefer: 'wait=60' } });
    expect([answer.status, answer.body['status']]).toEqual([202, 'waiting']);
    expect(CallOutcome.schema.parse(answer.body).waiting?.reason).toBe('switched_off');
    expect(answer.headers.get('location')).toBe(`/v1/calls/${String(answer.body['call_id'])}`);
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  it('is answered when it lies in the dead letter queue', async () => {
    const answer = await http.post(execute, call('die'));
    expect([answer.status, answer.body['status']]).toEqual([200, 'dead']);
  });

  it('is refused with 429 when too many calls have no outcome, until some have one', async () => {
    await using narrow = await harness.startGateway({ GATEWAY_TENANT_BACKLOG: '3', GATEWAY_DRAIN: '0s' });
    const door = new HttpClient(narrow.url);
    const tool = { slug: 'crm_update_contact' };
    const stuck = Array.from({ length: 3 }, () => call('never', { tool, call_id: newId() }));
    for (const body of stuck) expect((await door.post('/v1/calls', body)).status).toBe(202);
    const refused = await door.post('/v1/calls', call('succeed', { tool }));
    expect([refused.status, refused.body['code']]).toEqual([429, 'tenant_backlog_full']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const many = await door.post('/v1/calls', [call('succeed', { tool }), stuck[0]]);
    expect(many.body).toMatchObject([
      { status: 'refused', problem: { code: 'tenant_backlog_full', status: 429 } },
      { status: 'accepted', call_id: stuck[0]?.['call_id'] },
    ]);
    const accepted = await recordOf(callTopics, String(stuck[0]?.['call_id']));
    await harness.answer(accepted.value, 'succeed');
    await waitFor(async () => (await door.post('/v1/calls', call('succeed', { tool }))).status === 202, {
      what: 'room in the backlog',
    });
  });

  it('is refused with 422 when its idempotency key belongs to other content', async () => {
    const answer = await http.post(execute, call('key_conflict'), {
      headers: { 'idempotency-key': '"k-1"' },
    });
    expect([answer.status, answer.body['code']]).toEqual([422, 'idempotency_key_conflict']);
    expect(answer.body['conflicts_with']).toBe(keyHolder);
    expect(answer.body['detail']).toContain(keyHolder);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    const accepted = await recordOf(callTopics, String(answer.body['call_id']));
    expect(accepted.value['idempotency_key']).toBe('k-1');
  });

  it('takes the key as scope without a run', async () => {
    const answer = await http.post(
      execute,
      call('succeed', { agent: { id: 'agent' }, idempotency_key: 'k-2' }),
    );
    expect(answer.status).toBe(200);
    const accepted = await recordOf(callTopics, String(answer.body['call_id']));
    expect(accepted.value['scope']).toBe('key:k-2');
  });

  it('continues after its caller has gone, without a waiter', async () => {
    const other = await harness.startGateway({ GATEWAY_DRAIN: '60s' });
    const gone = new AbortController();
    const callId = newId();
    const answer = new HttpClient(other.url).post(execute, call('never', { call_id: callId }), {
      signal: gone.signal,
    });
    await recordOf(callTopics, callId);
    gone.abort();
    await expect(answer).rejects.toThrow();
    // The drain lasts while a caller waits.
    const startedAt = performance.now();
    await other.close();
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('gets its own answer among many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        http.post(execute, call('succeed', { arguments: { email: `${index}@example.com` } })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    const echoed = answers.map(({ body }) => (body['result'] as { echo: { email: string } }).echo.email);
    expect(echoed).toEqual(Array.from({ length: 100 }, (_, index) => `${index}@example.com`));
  });
});

describe('calls that are submitted', () => {
  const tool = { slug: 'crm_update_contact' };

  it('one is accepted, and waited for only on request', async () => {
    const taken = await http.post('/v1/calls', call('succeed', { tool }));
    expect([taken.status, taken.body['status']]).toEqual([202, 'accepted']);
    const waited = await http.post('/v1/calls', call('succeed', { tool }), {
      headers: { prefer: 'wait=20' },
    });
    expect([waited.status, waited.body['status']]).toEqual([200, 'succeeded']);
  });

  it('many are each accepted or refused, in their order', async () => {
    const answer = await http.post('/v1/calls', [
      call('succeed', { tool }),
      { nonsense: true },
      call('succeed', { tool: { slug: 'nothing' } }),
      call('succeed', { tool, agent: { id: 'agent' } }),
      call('succeed', { tool }),
    ]);
    expect(answer.status).toBe(202);
    const entries = answer.body as unknown as {
      status: string;
      call_id: string;
      problem?: { code: string; status: number };
    }[];
    expect(entries.map(({ status, problem }) => [status, problem?.code, problem?.status])).toEqual([
      ['accepted', undefined, undefined],
      ['refused', 'invalid_request', 422],
      ['refused', 'tool_not_found', 404],
      ['refused', 'dedupe_scope_missing', 422],
      ['accepted', undefined, undefined],
    ]);
    for (const { call_id: callId, status } of entries) {
      if (status === 'accepted') await recordOf(callTopics, callId);
    }
  });

  it('a repeated request with one id is one call, and another request with the id is refused', async () => {
    const callId = newId();
    const body = call('succeed', { tool, call_id: callId });
    expect((await http.post('/v1/calls', body)).status).toBe(202);
    expect((await http.post('/v1/calls', body)).body).toMatchObject({ call_id: callId });
    const other = await http.post('/v1/calls', { ...body, arguments: { email: 'eve@example.com' } });
    expect([other.status, other.body['code']]).toEqual([422, 'call_id_conflict']);
  });

  it('is 404 when it is unknown, and 503 when the ledger cannot be read', async () => {
    const unknown = await http.get(`/v1/calls/${newId()}`);
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'call_not_found']);
    expect((await http.get('/v1/calls/nonsense')).status).toBe(404);
    await using cutOff = await harness.startGateway({ EXECUTOR_URL: 'http://127.0.0.1:1' });
    const answer = await new HttpClient(cutOff.url).get(`/v1/calls/${newId()}`);
    expect([answer.status, answer.body['code']]).toEqual([503, 'mesh_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a part of a call', () => {
  const record = (more: object): string => {
    const callId = newId();
    harness.views.set(callId, {
      call_id: callId,
      tenant_id: 'default',
      user_id: 'u1',
      tool: { slug: 'crm_update_contact', version: '1.2.0' },
      state: 'SUCCEEDED',
      attempts: 1,
      received_at: '2026-01-01T00:00:00.000Z',
      ...more,
    });
    return callId;
  };
  const fetchResult = (id: string): Promise<Response> =>
    fetch(`${gateway.url}/v1/calls/${id}/result`, { headers: { authorization: `Bearer ${apiKey}` } });

  it.each<[string, string, string, string]>([
    [
      'JSON',
      '{"result":{"id":12345678901234567890}}',
      'application/json; charset=utf-8',
      '{"id":12345678901234567890}',
    ],
    ['text', '{"upstream":{"body":"text"},"result":"a\\nb"}', 'text/plain; charset=utf-8', 'a\nb'],
    [
      'a page',
      binary('text/html; charset=UTF-8; x=y', '<script>alert(1)</script>'),
      'text/html; charset=utf-8',
      '<script>alert(1)</script>',
    ],
    ['a wrong type', binary('a\\r\\nset-cookie: a=b', 'x'), 'application/octet-stream', 'x'],
  ])('gives the result as %s, and no browser runs it', async (_what, outcome, type, bytes) => {
    const answer = await fetchResult(record({ outcome }));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect(await answer.text()).toBe(bytes);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}"$/);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('has no result yet, or none at all', async () => {
    const statusOf = async (id: string): Promise<unknown[]> => {
      const { status, body } = await http.get(`/v1/calls/${id}/result`);
      return [status, body['code']];
    };
    expect(await statusOf(record({ state: 'DISPATCHING' }))).toEqual([409, 'result_not_ready']);
    expect(await statusOf(record({ state: 'FAILED', outcome: '{"status":"failed"}' }))).toEqual([
      404,
      'result_not_found',
    ]);
    expect(await statusOf(newId())).toEqual([404, 'call_not_found']);
    expect(await statusOf('nonsense')).toEqual([404, 'call_not_found']);
    const accepted = newId();
    await http.post('/v1/calls', {
      ...call('never'),
      tool: { slug: 'crm_update_contact' },
      call_id: accepted,
    });
    expect(await statusOf(accepted)).toEqual([409, 'result_not_ready']);
  });

  it('shows the attempts with their times', async () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
    const states = [{ state: 'DISPATCHING', at: at(1) }];
    const tried = [{ attempt: 1, at: at(3), kind: 'request', evidence: 'answered', status_code: 200 }];
    const id = record({ states, tried });
    const { status, body } = await http.get(`/v1/calls/${id}/attempts`);
    const [attempt] = tried;
    expect([status, body]).toEqual([
      200,
      {
        call_id: id,
        state: 'SUCCEEDED',
        attempts: 1,
        states,
        tried: [{ ...attempt, started_at: at(1), duration_ms: 2_000 }],
      },
    ]);
    expect((await http.get(`/v1/calls/${newId()}/attempts`)).status).toBe(404);
  });
});

function binary(type: string, text: string): string {
  const base64 = Buffer.from(text).toString('base64');
  return `{"upstream":{"body":"binary"},"result":{"content_type":"${type}","bytes":${text.length},"base64":"${base64}"}}`;
}

describe('tools', () => {
  it('are listed and described, without internal parts', async () => {
    const list = await http.get('/v1/tools');
    expect(list.body['tools']).toMatchObject([
      { slug: 'crm_update_contact', version: '1.2.0', effect: 'idempotent' },
    ]);
    const one = await http.get('/v1/tools/crm_update_contact');
    expect(one.body).toMatchObject({
      versions: ['1.2.0'],
      toolkit_versions: [],
      input: { required: ['email'] },
      provider: 'crm',
    });
    expect(JSON.stringify(one.body)).not.toContain('crm.example.com');
    expect((await http.get('/v1/tools/nothing')).body['code']).toBe('tool_not_found');
    expect((await http.get('/v1/tools/crm_update_contact?version=9.9.9')).body['code']).toBe(
      'tool_version_not_found',
    );
  });

  it('can be called as soon as they are published', async () => {
    await harness.publishTool(sampleTool({ slug: 'late_tool', version: '1.0.0' }));
    await waitFor(async () => (await http.get('/v1/tools/late_tool')).status === 200, {
      what: 'the late tool',
    });
    expect((await http.post('/v1/tools/late_tool/execute', call())).status).toBe(200);
  });
});

describe('webhooks', () => {
  it.each<unknown>([{ lead: { email: 'ada@example.com' } }, [1, 'two', null], 'text', 7, null])(
    'publish %j as a trigger once it is safe',
    async (payload) => {
      const answer = await http.post('/v1/hooks/new_lead_created', JSON.stringify(payload), {
        headers: { traceparent },
      });
      expect(answer.status).toBe(202);
      const fired = await recordOf(topics.triggers.name, String(answer.body['trigger_id']));
      expect(TriggerFired.schema.parse(fired.value)).toMatchObject({ trigger: 'new_lead_created', payload });
      expect(fired.headers['traceparent']).toBe(answer.headers.get('traceparent'));
      expect(answer.body['trace_id']).toBe(traceId);
    },
  );

  it('refuse an invalid trigger name', async () => {
    const answer = await http.post('/v1/hooks/New-Lead', {});
    expect([answer.status, answer.body['code']]).toEqual([422, 'invalid_trigger']);
  });
});

describe('the life of a gateway', () => {
  it('becomes ready with all parts, and leaves nothing behind', async () => {
    const before = takeCensus();
    const other = await harness.startGateway();
    const ready = await fetch(`${other.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
    await other.close();
    await assertNoLeaks(before, { settleMs: 5_000 });
  });

  it('answers waiting callers when it stops, with the address of their call', async () => {
    const other = await harness.startGateway({ GATEWAY_DRAIN: '200ms' });
    const callId = newId();
    const answer = new HttpClient(other.url).post(execute, call('never', { call_id: callId }));
    await recordOf(callTopics, callId);
    await other.close();
    expect(await answer).toMatchObject({ status: 202, body: { call_id: callId } });
  });
});

import {
  callPageSchema,
  callViewSchema,
  deadPageSchema,
  redriveReportSchema,
  redriveRequestSchema,
  verdictRequestSchema,
  waitingPageSchema,
  writePageCursor,
} from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';

import { GatewayHarness } from './gateway-harness.js';
import { HttpClient, type HttpAnswer } from './http-client.js';

jest.setTimeout(120_000);

const id = newId();
const at = '2026-01-01T00:00:00Z';
const cursor = writePageCursor({ atUs: '1764366000000000', callId: id });
const view = callViewSchema.parse({
  call_id: id,
  tenant_id: 'default',
  user_id: 'u1',
  tool: { slug: 'crm_update_contact', version: '1.2.0' },
  state: 'CANCELLED',
  attempts: 0,
  received_at: at,
});
const dead = {
  call_id: id,
  user_id: 'u1',
  tool: 'crm_update_contact',
  status: 'dead',
  error: { code: 'provider_failed', category: 'provider', message: 'no' },
  attempts: 3,
  redrives: 0,
  died_at: at,
};

const none = { count: 0, call_ids: [] };

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

beforeEach(() => {
  harness.executor.requests.length = 0;
  harness.executor.answer = () => ({ status: 200, body: view });
});

function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(answer.body['fix']).toEqual(expect.any(String));
}

const interventions: [what: string, body: unknown][] = [
  ['cancel', {}],
  ['resolve', { verdict: 'happened', result: { ok: true } }],
  ['reschedule', { not_before: at }],
];

describe.each(interventions)('POST /v1/calls/{id}/%s', (what, body) => {
  const path = `/v1/calls/${id}/${what}`;

  it('asks the executor for the tenant and the holder of the key, and shows the current state of the call', async () => {
    const answer = await http.request('POST', path, body, {
      headers: { 'x-mesh-tenant': 'another', 'x-mesh-holder': 'eve' },
    });
    expect([answer.status, answer.body]).toEqual([200, view]);
    expect(harness.executor.requests).toEqual([
      {
        method: 'POST',
        path: `/internal/calls/${id}/${what}`,
        query: {},
        tenant: 'default',
        // The holder of the key, whatever the request says.
        holder: 'ada',
        // Services exchange a result as text, so its numbers keep every digit.
        body: what === 'resolve' ? { ...(body as object), result: '{"ok":true}' } : body,
      },
    ]);
  });

  it('answers 404 for an unknown call, and asks no service about an invalid id', async () => {
    harness.executor.answer = () => ({ status: 404 });
    expectProblem(await http.request('POST', path, body), 404, 'call_not_found');
    harness.executor.requests.length = 0;
    const strange = await http.request('POST', `/v1/calls/..%2fdead-letters/${what}`, body);
    expectProblem(strange, 404, 'call_not_found');
    expect(harness.executor.requests).toEqual([]);
  });

  it.each(['call_not_waiting', 'call_already_sent', 'call_already_ended', 'verdict_not_needed'])(
    'answers 409 when the ledger says %s',
    async (code) => {
      harness.executor.answer = () => ({ status: 409, body: { code, message: 'no', state: 'SUCCEEDED' } });
      expectProblem(await http.request('POST', path, body), 409, code);
    },
  );

  it.each<[string, () => { status: number; body?: unknown }]>([
    ['fails', () => ({ status: 500 })],
    ['gives an unknown answer', () => ({ status: 200, body: { call_id: 7 } })],
    ['refuses with an unknown code', () => ({ status: 409, body: { code: 'new' } })],
  ])('answers 503 when the executor %s', async (_what, answer) => {
    harness.executor.answer = answer;
    const refused = await http.request('POST', path, body);
    expectProblem(refused, 503, 'mesh_unavailable');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

it('answers 503 within seconds when the executor does not answer', async () => {
  harness.executor.answer = () => 'never';
  expectProblem(await http.request('POST', `/v1/calls/${id}/cancel`, undefined), 503, 'mesh_unavailable');
});

describe('lists', () => {
  it('show waiting calls, with the requested filters and page', async () => {
    const page = waitingPageSchema.parse({
      calls: [
        { reason: 'retry', until: at, call_id: id, user_id: 'u1', tool: 'crm_update_contact', since: at },
      ],
      cursor: 'next',
    });
    harness.executor.answer = () => ({ status: 200, body: page });
    const answer = await http.get(`/v1/waiting?reason=retry&user_id=u%261&limit=7&cursor=${cursor}`);
    expect([answer.status, answer.body]).toEqual([200, page]);
    expect(harness.executor.requests[0]).toMatchObject({
      path: '/internal/waiting',
      query: { reason: 'retry', user_id: 'u&1', limit: '7', cursor },
    });
  });

  it('show calls, with the requested filters and page', async () => {
    const call = {
      call_id: id,
      user_id: 'u1',
      tool: 'crm_update_contact',
      status: 'running',
      state: 'DISPATCHING',
      attempts: 1,
      received_at: at,
    };
    const page = callPageSchema.parse({ calls: [call], cursor });
    harness.executor.answer = () => ({ status: 200, body: page });
    const query = {
      user_id: 'u&1',
      agent_id: 'a',
      run_id: 'r',
      tool: 'crm_update_contact',
      status: 'running',
      error_code: 'provider_failed',
      received_after: at,
      received_before: at,
      limit: '7',
      cursor,
    };
    const answer = await http.get(`/v1/calls?${new URLSearchParams(query).toString()}`, {
      headers: { 'x-mesh-tenant': 'another' },
    });
    expect([answer.status, answer.body]).toEqual([200, page]);
    expect(harness.executor.requests).toEqual([
      { method: 'GET', path: '/internal/calls', query, tenant: 'default', holder: 'ada', body: undefined },
    ]);
    expect(
      (await http.request('GET', '/v1/calls', undefined, { headers: { authorization: '' } })).status,
    ).toBe(401);
  });

  it('name the wrong member of a query', async () => {
    const answer = await http.get('/v1/calls?status=odd');
    expect(answer.body['errors']).toMatchObject([{ pointer: '/status' }]);
  });

  it('answer 503 while the executor cannot be reached', async () => {
    harness.executor.answer = () => ({ status: 500 });
    expectProblem(await http.get('/v1/calls'), 503, 'mesh_unavailable');
  });

  it('show dead calls, and one of them', async () => {
    const page = deadPageSchema.parse({ calls: [dead] });
    harness.executor.answer = ({ path }) => ({ status: 200, body: path.endsWith(id) ? dead : page });
    expect((await http.get('/v1/dead-letters?status=dead')).body).toEqual(page);
    expect((await http.get(`/v1/dead-letters/${id}`)).body).toEqual(dead);
    harness.executor.answer = () => ({ status: 404 });
    expectProblem(await http.get(`/v1/dead-letters/${id}`), 404, 'dead_letter_not_found');
    expectProblem(await http.get('/v1/dead-letters/nonsense'), 404, 'dead_letter_not_found');
  });

  it.each([
    '/v1/waiting?limit=0',
    '/v1/waiting?limit=501',
    '/v1/waiting?limit=many',
    '/v1/waiting?limit=1e2',
    '/v1/calls?limit=0x10',
    '/v1/waiting?reason=boredom',
    '/v1/waiting?tool=a_tool&tool=b_tool',
    '/v1/dead-letters?status=alive',
    '/v1/dead-letters?died_after=yesterday',
    '/v1/dead-letters?tenant_id=another',
    `/v1/dead-letters?cursor=${'x'.repeat(201)}`,
    '/v1/dead-letters?cursor=forged',
    '/v1/dead-letters?died_after=0000-01-01T00:00:00Z',
    '/v1/waiting?cursor=WyIxIiwiMSJd',
    '/v1/calls?limit=501',
    '/v1/calls?user_id=%0A',
    '/v1/calls?run_id=',
    '/v1/calls?tool=A',
    '/v1/calls?tool=a_tool&tool=b_tool',
    '/v1/calls?tenant_id=another',
    '/v1/calls?received_before=0000-01-01T00:00:00Z',
    '/v1/calls?received_after=now',
    `/v1/calls?error_code=${'x'.repeat(201)}`,
    `/v1/calls?cursor=${'x'.repeat(10_000)}`,
    '/v1/calls?cursor=forged',
  ])('refuse %s', async (path) => {
    expectProblem(await http.get(path), 422, 'invalid_request');
    expect(harness.executor.requests).toEqual([]);
  });
});

describe('POST /v1/dead-letters/redrive', () => {
  it('passes the whole request on, and shows the report', async () => {
    const report = redriveReportSchema.parse({
      redrive_id: 'r1',
      dry_run: true,
      matched: 1,
      redriven: { count: 1, call_ids: [id] },
      needs_verdict: none,
      already_redriven: none,
      not_dead: none,
      more: false,
    });
    harness.executor.answer = () => ({ status: 200, body: report });
    const request = { redrive_id: 'r1', filter: { tool: 'crm_update_contact' }, dry_run: true };
    const answer = await http.post('/v1/dead-letters/redrive', request);
    expect([answer.status, answer.body]).toEqual([200, report]);
    expect(harness.executor.requests[0]?.body).toEqual(redriveRequestSchema.parse(request));
  });
});

describe('POST /v1/dead-letters/{id}/redrive', () => {
  const path = `/v1/dead-letters/${id}/redrive`;
  const report = redriveReportSchema.parse({
    redrive_id: 'made-by-the-mesh',
    dry_run: false,
    matched: 1,
    redriven: { count: 1, call_ids: [id] },
    needs_verdict: none,
    already_redriven: none,
    not_dead: none,
    more: false,
  });
  const answers = (found: unknown, redriven: unknown = report) => {
    harness.executor.answer = ({ method }) =>
      found === undefined ? { status: 404 } : { status: 200, body: method === 'GET' ? found : redriven };
  };

  it.each([
    ['no body', undefined, {}],
    ['an empty body', '', {}],
    ['an id', { redrive_id: 'r1' }, { redrive_id: 'r1' }],
  ])('takes %s', async (_, body, wish) => {
    answers(dead);
    const answer = await http.request('POST', path, body);
    expect([answer.status, answer.body]).toEqual([200, report]);
    expect(harness.executor.requests.at(-1)).toMatchObject({
      path: '/internal/dead-letters/redrive',
      tenant: 'default',
      body: redriveRequestSchema.parse({ ...wish, call_ids: [id] }),
    });
  });

  it('answers 404 for a call that is not dead, or that another request redrove first', async () => {
    answers(undefined);
    expectProblem(await http.request('POST', path, undefined), 404, 'dead_letter_not_found');
    answers(dead, { ...report, redriven: none, not_dead: report.redriven });
    expectProblem(await http.request('POST', path, undefined), 404, 'dead_letter_not_found');
    expectProblem(
      await http.request('POST', '/v1/dead-letters/x/redrive', undefined),
      404,
      'dead_letter_not_found',
    );
  });

  it('answers 409 for a call that needs a verdict first', async () => {
    answers({ ...dead, status: 'needs_review' });
    expectProblem(await http.request('POST', path, undefined), 409, 'verdict_needed');
  });
});

describe('hostile bodies', () => {
  it.each<[string, unknown, number, string]>([
    ['dead-letters/redrive', {}, 422, 'invalid_request'],
    ['dead-letters/redrive', { redrive_id: 'r', call_ids: [id], filter: {} }, 422, 'invalid_request'],
    ['dead-letters/redrive', { redrive_id: 'r', call_ids: Array(1_001).fill(id) }, 422, 'invalid_request'],
    ['dead-letters/redrive', { redrive_id: 'r', filter: { tenant_id: 'x' } }, 422, 'invalid_request'],
    ['dead-letters/redrive', { redrive_id: 'r', filter: {}, per_second: 1e9 }, 422, 'invalid_request'],
    [`calls/${id}/resolve`, { verdict: 'maybe' }, 422, 'invalid_request'],
    [`calls/${id}/cancel`, { who: 'ada' }, 422, 'invalid_request'],
    [`calls/${id}/cancel`, { by: 'ada' }, 422, 'invalid_request'],
    [`calls/${id}/reschedule`, { not_before: at, by: 'ada' }, 422, 'invalid_request'],
    [`dead-letters/${id}/redrive`, { by: 'ada' }, 422, 'invalid_request'],
    [`dead-letters/${id}/correct`, { arguments: {}, by: 'ada' }, 422, 'invalid_request'],
    ['dead-letters/redrive', { redrive_id: 'r', filter: {}, by: 'ada' }, 422, 'invalid_request'],
    [`dead-letters/${id}/redrive`, { filter: {} }, 422, 'invalid_request'],
    [`dead-letters/${id}/redrive`, '[', 400, 'invalid_json'],
    [`calls/${id}/resolve`, { verdict: 'give_up', tenant_id: 'x' }, 422, 'invalid_request'],
    [`calls/${id}/resolve`, '{"verdict":"give_up","verdict":"happened"}', 400, 'invalid_json'],
    [`calls/${id}/reschedule`, { not_before: 'soon' }, 422, 'invalid_request'],
    [`calls/${id}/reschedule`, { not_before: 1e12 }, 422, 'invalid_request'],
    [`calls/${id}/reschedule`, '', 400, 'body_missing'],
    [`calls/${id}/resolve`, ' '.repeat(256 * 1024 + 1), 413, 'body_too_large'],
  ])('%s refuses %j', async (path, body, status, code) => {
    expectProblem(await http.post(`/v1/${path}`, body), status, code);
    expect(harness.executor.requests).toEqual([]);
  });

  it('passes the result of a verdict to the executor unchanged (I4)', async () => {
    const result = '{ "id":7615917337495251231,"n":1E400,"__proto__":{},"a":1,"a":2}';
    await http.post(`/v1/calls/${id}/resolve`, `{"verdict":"happened","result":${result}}`);
    expect(harness.executor.requests[0]?.body).toEqual({ verdict: 'happened', result });
    expect(verdictRequestSchema.parse(harness.executor.requests[0]?.body).result?.text).toBe(result);
  });
});

import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { apiKey, GatewayHarness, type ExecutorBehaviour } from './gateway-harness.js';
import { HttpClient } from './http-client.js';
import { sampleTool } from './sample-tool.js';

jest.setTimeout(120_000);

const { slug } = sampleTool();
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

const call = (company: ExecutorBehaviour, changes: object = {}) => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  arguments: { email: 'ada@example.com', company },
  ...changes,
});
const path = `/v1/tools/${slug}/execute`;

describe('an answer for a model', () => {
  it('is in its vendor’s shape, with the id of its tool call and the address of the call', async () => {
    const answer = await http.post(`${path}?form=anthropic&tool_call_id=toolu_7`, call('succeed'));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        type: 'tool_result',
        tool_use_id: 'toolu_7',
        content: JSON.stringify({ echo: { email: 'ada@example.com', company: 'succeed' } }),
        is_error: false,
      },
    ]);
    expect(answer.headers.get('location')).toMatch(/^\/v1\/calls\//);
  });

  it.each([
    ['openai', 'call_id', 'output'],
    ['openai_chat', 'tool_call_id', 'content'],
  ])('of %s takes arguments as a text and gives a text back', async (form, id, text) => {
    const args = JSON.stringify(call('fail').arguments);
    const answer = await http.post(`${path}?form=${form}&tool_call_id=c1`, call('fail', { arguments: args }));
    expect(answer.status).toBe(200);
    expect(answer.body[id]).toBe('c1');
    expect(JSON.parse(String(answer.body[text]))).toMatchObject({ is_error: true, message: 'no' });
  });

  it('says which argument is wrong, under the status of the refusal', async () => {
    const answer = await http.post(`${path}?form=gemini`, call('succeed', { arguments: { email: 7 } }));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      functionResponse: { name: slug, response: { error: { is_error: true } } },
    });
    expect(JSON.stringify(answer.body)).toContain('/arguments/email');
    expect((await http.post('/v1/tools/no_such_tool/execute?form=mcp', call('succeed'))).body).toMatchObject({
      isError: true,
    });
  });

  it('stays a problem when it is not for a model', async () => {
    const other = { headers: { authorization: 'Bearer wrong' } };
    expect((await http.post(`${path}?form=openai`, call('succeed'), other)).body['code']).toBe(
      'unauthorized',
    );
    expect((await http.post(`${path}?form=openai`, '{')).body['code']).toBe('invalid_json');
  });

  it('tells a model not to repeat a call that continues later, also when it asks again', async () => {
    const callId = newId();
    const first = await http.post(`${path}?form=mcp`, call('never', { call_id: callId }), {
      headers: { prefer: 'wait=0' },
    });
    expect(first.status).toBe(202);
    expect(JSON.stringify(first.body)).toContain('Do not call the tool again');
    const again = await http.get(`/v1/calls/${callId}?form=openai&tool_call_id=c9`);
    expect(again.body).toMatchObject({ type: 'function_call_output', call_id: 'c9' });
    expect(again.body['output']).toContain('Do not call the tool again');
  });

  it.each([
    'form=klingon',
    'tool_call_id=',
    `tool_call_id=${'x'.repeat(201)}`,
    'more=1',
    'form=openai&form=mcp',
  ])('refuses %s before a call is made', async (query) => {
    expect((await http.post(`${path}?${query}`, call('succeed'))).body['code']).toBe('invalid_request');
    expect((await http.get(`/v1/calls/${newId()}?${query}`)).body['code']).toBe('invalid_request');
  });
});

describe('a result that fits', () => {
  const long = { email: 'e'.repeat(2_000), company: 'succeed' };
  const bounded = `${path}?max_bytes=500`;

  it('is cut, and has the address of the whole result', async () => {
    const { status, body } = await http.post(bounded, call('succeed', { arguments: long }));
    const url = `/v1/calls/${String(body['call_id'])}/result`;
    expect(status).toBe(200);
    expect(body['result']).toEqual({
      echo: { email: expect.stringMatching(/^e{400,}…$/) as string, company: 'succeed' },
    });
    expect(body['cut']).toEqual({
      bytes: Buffer.byteLength(JSON.stringify(body['result'])),
      of_bytes: 2_000 + 41,
      places: [{ pointer: '/echo/email', unit: 'bytes', kept: expect.any(Number) as number, of: 2_000 }],
      result_url: url,
    });
    const whole = await http.post(path, call('succeed', { arguments: long }));
    expect(whole.body['result']).toEqual({ echo: long });
    expect(whole.body['cut']).toBeUndefined();
  });

  it('is cut for a model, and for one call that is submitted and waited for', async () => {
    const { body } = await http.post(`${bounded}&form=plain`, call('succeed', { arguments: long }));
    expect(body['result']).toMatchObject({ result: { echo: {} }, cut: { of_bytes: 2_041 } });
    const submitted = await http.post(
      '/v1/calls?max_bytes=500',
      call('succeed', { arguments: long, tool: { slug } }),
      { headers: { prefer: 'wait=10' } },
    );
    expect(submitted.body['cut']).toMatchObject({ of_bytes: 2_041 });
  });

  it('is cut in a recorded call, with every digit and without the bytes of a file', async () => {
    const show = async (outcome: string, query: string): Promise<string> => {
      const callId = newId();
      harness.views.set(callId, {
        call_id: callId,
        tenant_id: 'default',
        user_id: 'u1',
        tool: { slug, version: '1.2.0' },
        state: 'SUCCEEDED',
        attempts: 1,
        received_at: '2026-01-01T00:00:00.000Z',
        outcome,
      });
      const headers = { authorization: `Bearer ${apiKey}` };
      return (await fetch(`${gateway.url}/v1/calls/${callId}?${query}`, { headers })).text();
    };
    const ids = `[${Array.from({ length: 100 }, () => '7615917337495251231').join(', ')}]`;
    const recorded = await show(`{"status":"succeeded","result":${ids}}`, 'max_bytes=256');
    expect(recorded).toContain('"outcome":{"status":"succeeded","result":[7615917337495251231,');
    expect(recorded).toContain('"places":[{"pointer":"","unit":"items","kept":12,"of":100}]');
    const file = JSON.stringify({
      status: 'succeeded',
      upstream: { status_code: 200, body: 'binary' },
      result: { content_type: 'image/png', bytes: 3_000, base64: 'A'.repeat(4_000) },
    });
    for (const query of ['form=openai', 'max_bytes=1000']) {
      const shown = await show(file, query);
      expect(shown).not.toContain('AAAA');
      expect(shown).toContain('image/png');
      expect(shown).toMatch(/\/v1\/calls\/[^/]+\/result/);
    }
  });

  it('has the fields that were asked for', async () => {
    const { body } = await http.post(
      `${path}?fields=${encodeURIComponent('$.echo.company,$.none')}`,
      call('succeed'),
    );
    expect(body['result']).toEqual({ echo: { company: 'succeed' } });
    expect(body['cut']).toMatchObject({ fields: ['$.echo.company', '$.none'], missing: ['$.none'] });
  });

  it('has the call for the next page, where the tool declares its pages', async () => {
    const pagination = { by: 'token', argument: 'company', at: '/echo/email' } as const;
    await harness.publishTool({ ...sampleTool(), slug: 'crm_list', pagination });
    const first = call('succeed', { arguments: { email: 'page-2', company: 'succeed' } });
    const ask = (form: string) => http.post(`/v1/tools/crm_list/execute?form=${form}`, first);
    const answer = await waitFor(
      async () => {
        const { status, body } = await ask('plain');
        return status === 200 ? body : undefined;
      },
      { what: 'the gateway knows the tool' },
    );
    const next = { arguments: { email: 'page-2', company: 'page-2' } };
    expect(answer['result']).toEqual({ result: { echo: first.arguments }, next });
    expect((await ask('mesh')).body['next']).toEqual(next);
    expect((await http.post(path, first)).body['next']).toBeUndefined();
  });

  it.each([
    'max_bytes=255',
    'max_bytes=1e3',
    'max_bytes=1048577',
    'max_bytes=300&max_bytes=300',
    'fields=$..id',
    'fields=',
  ])('refuses %s before a call is made', async (query) => {
    const { body } = await http.post(`${path}?${query}`, call('succeed'));
    expect([body['code'], JSON.stringify(body['errors'])]).toEqual([
      'invalid_request',
      expect.stringContaining(`/${query.replace(/=.*/, '')}`),
    ]);
    const submitted = await http.post(`/v1/calls?${query}`, call('succeed', { tool: { slug } }));
    expect(submitted.body['code']).toBe('invalid_request');
  });
});

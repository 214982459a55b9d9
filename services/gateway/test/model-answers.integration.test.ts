import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { jest } from '@jest/globals';

import { GatewayHarness, type ExecutorBehaviour } from './gateway-harness.js';
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

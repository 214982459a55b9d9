import Anthropic from '@anthropic-ai/sdk';
import { GenerateContentResponse, type Content, type FunctionDeclaration } from '@google/genai';
import OpenAI from 'openai';

import { ActionMesh } from '../src/index.js';
import { AnsweringServer, json, problem } from './answering-server.js';

/** The packages of the vendors read the responses, and their types take what comes back. */

let server: AnsweringServer;
let mesh: ActionMesh;
const as = { userId: 'ada', runId: 'run-1' };
const args = '{"text":"x"}';

beforeAll(async () => {
  server = await AnsweringServer.start();
  mesh = new ActionMesh({ baseUrl: server.url, apiKey: 'mesh_test_key' });
});

afterAll(() => server[Symbol.asyncDispose]());

/** A `fetch` of a vendor's package that gives one answer. */
const answering = (body: object) => () =>
  Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));

const query = (): URLSearchParams => new URL(server.requests[0]?.url ?? '', server.url).searchParams;
const body = (): Record<string, unknown> =>
  JSON.parse(server.requests[0]?.body ?? '') as Record<string, unknown>;

describe('a response of a model vendor', () => {
  it('of Chat Completions is answered by messages that the next request takes', async () => {
    const toolCalls = [{ id: 'c1', type: 'function', function: { name: 'post_message', arguments: args } }];
    const fetch = answering({
      choices: [{ index: 0, message: { role: 'assistant', tool_calls: toolCalls } }],
    });
    const completion = await new OpenAI({ apiKey: 'x', fetch }).chat.completions.create({
      model: 'm',
      messages: [],
    });
    server.prepare(json(200, { role: 'tool', tool_call_id: 'c1', content: 'ok' }));
    const messages: OpenAI.ChatCompletionMessageParam[] = await mesh.tools.handleToolCalls(completion, as);
    expect(messages).toEqual([{ role: 'tool', tool_call_id: 'c1', content: 'ok' }]);
    expect([query().get('form'), query().get('tool_call_id')]).toEqual(['openai_chat', 'c1']);
    expect(body()).toMatchObject({ arguments: args, user_id: 'ada', agent: { run_id: 'run-1' } });
  });

  it('of Responses is answered by items that the next request takes', async () => {
    const call = { type: 'function_call', call_id: 'c2', name: 'post_message', arguments: args };
    const fetch = answering({ id: 'r', output: [{ type: 'reasoning', summary: [] }, call] });
    const response = await new OpenAI({ apiKey: 'x', fetch }).responses.create({ model: 'm', input: '' });
    server.prepare(json(200, { type: 'function_call_output', call_id: 'c2', output: 'ok' }));
    const items: OpenAI.Responses.ResponseInputItem[] = await mesh.tools.handleToolCalls(response, as);
    expect(items).toEqual([{ type: 'function_call_output', call_id: 'c2', output: 'ok' }]);
  });

  it('of Anthropic is answered by one message, and a mesh that is away is a result (I2)', async () => {
    const uses = ['t1', 't2'].map((id) => ({ type: 'tool_use', id, name: 'post_message', input: {} }));
    const fetch = answering({ role: 'assistant', content: [{ type: 'text', text: 'Now.' }, ...uses] });
    const request = { model: 'm', max_tokens: 1, messages: [] };
    const message = await new Anthropic({ apiKey: 'x', fetch }).messages.create(request);
    const away = problem(503, 'mesh_unavailable');
    server.prepare(...Array.from({ length: 8 }, () => away));
    const messages: Anthropic.MessageParam[] = await mesh.tools.handleToolCalls(message, as);
    expect(messages).toMatchObject([
      {
        role: 'user',
        content: [
          { tool_use_id: 't1', is_error: true },
          { tool_use_id: 't2', is_error: true },
        ],
      },
    ]);
    expect(JSON.stringify(messages)).toContain('does not act twice');
    const sent = server.requests.map((seen) => JSON.parse(seen.body) as { call_id: string });
    for (const { call_id: callId } of sent) expect(JSON.stringify(messages)).toContain(callId);
    const ids = server.requests.map((seen) => (JSON.parse(seen.body) as { call_id: string }).call_id);
    expect([ids.length, new Set(ids).size]).toEqual([8, 2]);
  });

  it('of Gemini is answered by one content, with every digit of a result', async () => {
    const response = new GenerateContentResponse();
    const parts = [{ text: 'Now.' }, { functionCall: { name: 'post_message', args: { text: 'x' } } }];
    response.candidates = [{ content: { role: 'model', parts } }];
    const reply =
      '{"functionResponse":{"name":"post_message","response":{"output":{"id":7615917337495251231}}}}';
    server.prepare(json(200, reply));
    const contents: Content[] = await mesh.tools.handleToolCalls(response, as);
    const output = { id: '7615917337495251231' };
    expect(contents).toEqual([
      { role: 'user', parts: [{ functionResponse: { name: 'post_message', response: { output } } }] },
    ]);
    expect(query().has('tool_call_id')).toBe(false);
  });

  it('without tool calls needs no answer, and another object is refused', async () => {
    expect(await mesh.tools.handleToolCalls({ content: [{ type: 'text' }] }, as)).toEqual([]);
    await expect(mesh.tools.handleToolCalls({ message: 'x' } as never, as)).rejects.toMatchObject({
      code: 'response_unknown',
    });
  });
});

describe('an answer that leaves open whether the call ran', () => {
  const message = { content: [{ type: 'tool_use', id: 't1', name: 'post_message', input: {} }] };
  const answer = async (options: object): Promise<string> => {
    const once = new ActionMesh({ baseUrl: server.url, apiKey: 'mesh_test_key', maxRetries: 0 });
    server.prepare(problem(503, 'mesh_unavailable'));
    return JSON.stringify(await once.tools.handleToolCalls(message, { userId: 'ada', ...options }));
  };

  it.each([{ runId: 'r' }, { sessionId: 's' }, { scope: 'global' }])(
    'permits a repetition that is the same call by %j (I2)',
    async (options) => expect(await answer(options)).toContain('does not act twice'),
  );

  it.each([{}, { scope: 'window:1m', runId: 'r' }])(
    'warns of a repetition where a model makes a new call by it: %j (I2)',
    async (options) => {
      const text = await answer(options);
      expect(text).toContain('may act a second time');
      expect(text).not.toContain('does not act twice');
    },
  );
});

describe('a wait for longer than one request', () => {
  const long = { ...as, waitMs: 40_000 };
  const message = { content: [{ type: 'tool_use', id: 't1', name: 'post_message', input: {} }] };
  const result = (content: string): object => ({ type: 'tool_result', tool_use_id: 't1', content });
  const waits = (): (string | undefined)[] =>
    server.requests.map(({ headers }) => headers['prefer'] as string);

  it('goes on by the id of the call, and gives the outcome in the form of the vendor', async () => {
    const outcome = { status: 'succeeded' };
    server.prepare(
      json(202, result('runs')),
      json(200, { call_id: 'c' }),
      json(200, { outcomes: [], cursor: 'x' }),
      json(200, { call_id: 'c', outcome }),
      json(200, result('done')),
    );
    expect(await mesh.tools.handleToolCalls(message, long)).toMatchObject([{ content: [result('done')] }]);
    const { call_id: callId } = body() as { call_id: string };
    expect(waits()[0]).toBe('wait=30');
    const last = new URL(server.requests.at(-1)?.url ?? '', server.url);
    expect([last.pathname, last.searchParams.get('form'), last.searchParams.get('tool_call_id')]).toEqual([
      `/v1/calls/${callId}`,
      'anthropic',
      't1',
    ]);
  });

  it('ends early when the call waits for a person', async () => {
    const outcome = { status: 'waiting', waiting: { reason: 'awaiting_auth' } };
    server.prepare(json(202, result('connect')), json(200, { call_id: 'c', outcome }));
    expect(await mesh.tools.handleToolCalls(message, long)).toMatchObject([{ content: [result('connect')] }]);
    expect(server.requests).toHaveLength(2);
  });
});

describe('the tools for a model vendor', () => {
  it('have the types of its package', () => {
    const take = (client: ActionMesh): unknown[] => [
      async (): Promise<OpenAI.Responses.Tool[]> => client.tools.get({}, { as: 'openai' }),
      async (): Promise<OpenAI.ChatCompletionTool[]> => client.tools.get({}, { as: 'openai_chat' }),
      async (): Promise<Anthropic.Tool[]> => client.tools.get({}, { as: 'anthropic' }),
      async (): Promise<FunctionDeclaration[]> => client.tools.get({}, { as: 'gemini' }),
    ];
    // The compiler is the judge here.
    expect(take(mesh)).toHaveLength(4);
  });
});

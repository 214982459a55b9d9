import { CallAccepted } from '@action-mesh/contracts/gateway';
import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { apiKey, callTopics, connectUrl, exactNumber, GatewayHarness } from './gateway-harness.js';
import { HttpClient } from './http-client.js';
import { modernHost, modernRequest, oldHost, plainRequest } from './mcp-host.js';
import { sampleTool } from './sample-tool.js';

jest.setTimeout(120_000);

let harness: GatewayHarness;
let gateway: RunningService;

const toolCount = 121;
const exactTool = 'crm_exact_contact';

beforeAll(async () => {
  harness = await GatewayHarness.start();
  for (let index = 0; index < toolCount - 2; index += 1)
    await harness.publishTool(
      sampleTool({ slug: `bulk_tool_${String(index).padStart(3, '0')}`, toolkit: 'bulk' }),
    );
  await harness.publishTool(
    sampleTool({
      slug: exactTool,
      effect: { class: 'read' },
      output: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
    }),
  );
  gateway = await harness.startGateway();
});

afterAll(async () => {
  await gateway.close();
  await harness[Symbol.asyncDispose]();
});

const headers = { 'mesh-user-id': 'ada' };
const path = '/mcp?toolkit=crm';
const host = { key: apiKey, headers, path };
const name = 'crm_update_contact';
const args = (company = 'succeed', email = `${newId()}@example.com`): Record<string, unknown> => ({
  email,
  company,
});

interface CallAnswer {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
  readonly structuredContent?: unknown;
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly resultType?: string;
  readonly requestState?: string;
  readonly inputRequests?: Readonly<Record<string, { readonly method: string; readonly params: object }>>;
  readonly taskId?: string;
}

interface Sent {
  readonly status: number;
  readonly result: CallAnswer;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

interface CallOptions {
  readonly id?: number;
  readonly key?: string;
  readonly meta?: object;
  readonly capabilities?: object;
  readonly more?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly tool?: string;
}

let nextId = 0;

/** A `tools/call` of the revision 2026-07-28, byte by byte. */
async function send(given: object, options: CallOptions = {}): Promise<Sent> {
  nextId += 1;
  const { id = nextId, key = apiKey, meta, capabilities, more = {}, path: at = path, tool = name } = options;
  const params = { name: tool, arguments: given, ...more };
  const request = modernRequest(id, 'tools/call', params, meta, capabilities);
  const sent = await plainRequest(
    gateway.url,
    { key, path: at, headers: { ...headers, prefer: 'wait=5', ...request.headers, ...options.headers } },
    request.message,
  );
  return { status: sent.status, ...sent.body } as unknown as Sent;
}

/** A `tools/call` of the revision 2025-11-25. */
async function sendOld(given: object, session: string, id: number, _meta: object = {}): Promise<Sent> {
  const message = { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given, _meta } };
  const sent = await plainRequest(
    gateway.url,
    { key: apiKey, path, headers: { ...headers, prefer: 'wait=5', 'mcp-session-id': session } },
    message,
  );
  return { status: sent.status, ...sent.body } as unknown as Sent;
}

async function initialized(capabilities: object = {}): Promise<string> {
  const { headers: sent } = await plainRequest(gateway.url, host, {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'old-host', version: '1' } },
  });
  return sent.get('mcp-session-id') ?? '';
}

const callIdOf = ({ result }: Sent): string => String(result._meta?.['action-mesh/call_id']);

async function accepted(callId: string): Promise<ReturnType<typeof CallAccepted.schema.parse>> {
  const seen = await harness.seen(callTopics);
  const found = await waitFor(() => seen.find(({ value }) => value['call_id'] === callId), {
    what: `the record of ${callId}`,
  });
  return CallAccepted.schema.parse(found.value);
}

describe('a host', () => {
  it.each(['auto', 'legacy'] as const)(
    'with the present client in the mode %s lists and calls',
    async (mode) => {
      const client = await modernHost(gateway.url, host, mode);
      expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'auto' ? '2026-07-28' : '2025-11-25');
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual([exactTool, name]);
      expect(tools[1]).toMatchObject({
        title: 'Update a contact',
        annotations: {
          readOnlyHint: false,
          destructiveHint: true,
          idempotentHint: true,
          openWorldHint: true,
        },
      });
      expect(tools[0]?.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      const called = (await client.callTool({
        name,
        arguments: args('succeed', 'b@example.com'),
      })) as CallAnswer;
      expect(called).toMatchObject({ isError: false });
      expect(JSON.parse(called.content[0]?.text ?? '')).toEqual({ echo: args('succeed', 'b@example.com') });
      await client.close();
    },
  );

  it('with the client before lists and calls', async () => {
    const client = await oldHost(gateway.url, host);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([exactTool, name]);
    expect(await client.callTool({ name, arguments: args() })).toMatchObject({ isError: false });
    expect((await client.callTool({ name, arguments: args('fail') })).isError).toBe(true);
    await client.close();
  });

  it('without a client library lists and calls', async () => {
    const list = await plainRequest(gateway.url, host, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((list.body['result'] as { tools: unknown[] }).tools).toHaveLength(2);
    expect((await send(args())).result).toMatchObject({ isError: false, resultType: 'complete' });
  });

  it('gets structured results with every digit', async () => {
    const { result, status } = await send(args('exact'), { tool: exactTool });
    expect([status, result.isError]).toEqual([200, false]);
    expect(result.content[0]?.text).toBe(`{"id":${exactNumber}}`);
    const request = modernRequest(1, 'tools/call', { name: exactTool, arguments: args('exact') });
    const raw = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
        ...request.headers,
      },
      body: JSON.stringify(request.message),
    });
    expect(await raw.text()).toContain(`"structuredContent":{"id":${exactNumber}}`);
  });

  it('gets a result as an error that does not fit its declared output', async () => {
    const { result } = await send(args(), { tool: exactTool });
    expect([result.isError, result.structuredContent]).toEqual([true, undefined]);
    expect(result.content[0]?.text).toMatch(/The call succeeded.*"echo"/);
  });

  it('gets the part of a result that its address asks for', async () => {
    const { result } = await send(args('succeed', `${'x'.repeat(2_000)}@example.com`), {
      path: `${path}&max_bytes=256`,
    });
    const shown = JSON.parse(result.content[0]?.text ?? '') as {
      cut: { of_bytes: number; result_url: string };
    };
    expect(shown.cut.of_bytes).toBeGreaterThan(2_000);
    expect(shown.cut.result_url).toBe(`/v1/calls/${String(result._meta?.['action-mesh/call_id'])}/result`);
  });

  it('keeps one trace from _meta onwards (I14)', async () => {
    const traceId = 'c'.repeat(32);
    const sent = await send(args(), { meta: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` } });
    const seen = await harness.seen(callTopics);
    const record = await waitFor(() => seen.find(({ value }) => value['call_id'] === callIdOf(sent)), {
      what: 'the record',
    });
    expect(record.headers['traceparent']).toContain(traceId);
  });
});

describe('the list of tools', () => {
  const listed = async (at: string, key = apiKey): Promise<readonly string[]> => {
    const client = await modernHost(gateway.url, { key, headers, path: at });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor }, {
        cacheMode: 'bypass',
      } as never);
      names.push(...page.tools.map((tool) => tool.name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    await client.close();
    return names;
  };

  it('becomes three meta-tools and the pinned tools above forty', async () => {
    const metaTools = ['search_tools', 'describe_tool', 'execute_tool'];
    expect(await listed('/mcp')).toEqual(metaTools);
    expect(await listed(`/mcp?mode=search&toolkit=bulk&tools=${name}`)).toEqual([...metaTools, name]);
    expect(await listed('/mcp?tools=bulk_tool_001,bulk_tool_000')).toEqual([
      'bulk_tool_000',
      'bulk_tool_001',
    ]);
  });

  it('has every tool once, in one order, over its pages', async () => {
    const all = await plainRequest(
      gateway.url,
      { ...host, path: '/mcp?mode=all' },
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
      },
    );
    const first = all.body['result'] as { tools: { name: string }[]; nextCursor: string };
    expect(first.tools).toHaveLength(100);
    const rest = await plainRequest(
      gateway.url,
      { ...host, path: '/mcp?mode=all' },
      {
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/list',
        params: { cursor: first.nextCursor },
      },
    );
    const names = [first, rest.body['result'] as typeof first].flatMap(({ tools }) =>
      tools.map((tool) => tool.name),
    );
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toHaveLength(toolCount);
  });

  it('has only the tools of the key', async () => {
    const key = await harness.makeKey('default', { tools: [name] });
    await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status !== 401, {
      what: 'the key',
    });
    expect(await listed('/mcp', key)).toEqual([name]);
    const { error } = await send(args(), { key, tool: exactTool });
    expect([error.code, error.message]).toEqual([-32_602, expect.stringContaining('no tool of this name')]);
  });

  it('refuses a wrong cursor', async () => {
    const { body } = await plainRequest(gateway.url, host, {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: { cursor: 'nonsense' },
    });
    expect(body['error']).toMatchObject({ code: -32_602 });
  });
});

describe('a call through execute_tool', () => {
  it('is the same call as a direct one and as one over HTTP', async () => {
    const [run, given] = [newId(), args()];
    const meta = { 'action-mesh/call': { agent: { run_id: run } } };
    const direct = await send(given, { meta });
    const through = await send({ tool: name, arguments: given }, { meta, tool: 'execute_tool' });
    const http = await new HttpClient(gateway.url).post(`/v1/tools/${name}/execute`, {
      user_id: 'ada',
      agent: { id: 'test-host', run_id: run },
      arguments: given,
    });
    const hashes = await Promise.all(
      [callIdOf(direct), callIdOf(through), String(http.body['call_id'])].map(
        async (id) => (await accepted(id)).hash,
      ),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it('is refused for the same reasons, in words for the model', async () => {
    const wrong = await send({ tool: name, arguments: { email: 1 } }, { tool: 'execute_tool' });
    expect(wrong.result.content[0]?.text).toContain('/arguments/arguments/email');
    const unknown = await send({ tool: 'crm_nothing', arguments: {} }, { tool: 'execute_tool' });
    expect([unknown.result.isError, unknown.error]).toEqual([true, undefined]);
    const beyond = await send({ tool: 'bulk_tool_000', arguments: args() }, { tool: 'execute_tool' });
    expect(beyond.result.content[0]?.text).toContain('no tool of this name');
  });

  it('comes after a search and a description within the toolset', async () => {
    const found = await send({ query: 'contact' }, { tool: 'search_tools' });
    const { tools } = JSON.parse(found.result.content[0]?.text ?? '') as { tools: { name: string }[] };
    expect(tools.map((tool) => tool.name).sort()).toEqual([exactTool, name]);
    const described = await send({ tool: name }, { tool: 'describe_tool' });
    expect(described.result.content[0]?.text).toContain('"input"');
    expect((await send({ tool: 'bulk_tool_000' }, { tool: 'describe_tool' })).result.isError).toBe(true);
  });
});

describe('a repeated request (MC1)', () => {
  const hashOf = async (sent: Sent): Promise<string> => (await accepted(callIdOf(sent))).hash;

  it('of one session is the same call, and the next request is another one', async () => {
    const [session, given] = [await initialized(), args()];
    const [first, again, next] = [
      await sendOld(given, session, 5),
      await sendOld(given, session, 5),
      await sendOld(given, session, 6),
    ];
    expect(await hashOf(again)).toBe(await hashOf(first));
    expect(await hashOf(next)).not.toBe(await hashOf(first));
    const other = await sendOld(given, await initialized(), 5);
    expect(await hashOf(other)).not.toBe(await hashOf(first));
    expect((await accepted(callIdOf(first))).agent?.id).toBe('old-host');
  });

  it('without a session is the same call for its time', async () => {
    const given = args();
    const first = await send(given, { id: 40 });
    const again = await send(given, { id: 40 });
    const { scope } = await accepted(callIdOf(first));
    expect(scope).toMatch(/^window:120000:\d+$/);
    // The window may have changed between the two.
    if ((await accepted(callIdOf(again))).scope === scope)
      expect(await hashOf(again)).toBe(await hashOf(first));
    expect(await hashOf(await send(given, { id: 41 }))).not.toBe(await hashOf(first));
  });

  it('of one span is the same call for good', async () => {
    const [given, span] = [args(), { traceparent: `00-${'e'.repeat(32)}-${'f'.repeat(16)}-01` }];
    const first = await send(given, { id: 50, meta: span });
    expect((await accepted(callIdOf(first))).scope).toBe('global');
    expect(await hashOf(await send(given, { id: 50, meta: span }))).toBe(await hashOf(first));
    expect(await hashOf(await send(given, { id: 51, meta: span }))).not.toBe(await hashOf(first));
  });

  it('has the identity that its host gives', async () => {
    const given = args();
    const keyed = await send(given, { meta: { 'action-mesh/call': { idempotency_key: `k-${newId()}` } } });
    expect((await accepted(callIdOf(keyed))).scope).toMatch(/^key:k-/);
    const run = newId();
    const running = { headers: { 'mesh-run-id': run } };
    const [first, again] = [await send(given, running), await send(given, running)];
    expect((await accepted(callIdOf(first))).scope).toBe(`run:${run}`);
    expect(await hashOf(again)).toBe(await hashOf(first));
  });
});

describe('the user of a call', () => {
  it('comes from the key, the header or _meta', async () => {
    const none = await send(args(), { headers: { 'mesh-user-id': '' } });
    expect(none.error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('Mesh-User-Id') as string,
    });
    const key = await harness.makeKey('default', { users: ['grace'] });
    await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status !== 401, {
      what: 'the key',
    });
    const bound = await plainRequest(
      gateway.url,
      { key, path },
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: args() },
      },
    );
    const { result } = bound.body as unknown as Sent;
    expect((await accepted(String(result._meta?.['action-mesh/call_id']))).user_id).toBe('grace');
    expect((await send(args(), { key })).error.message).toContain('bound to users');
    const two = await send(args(), { meta: { 'action-mesh/call': { user_id: 'grace' } } });
    expect(two.error.message).toContain('two different users');
  });
});

describe('a call that fails', () => {
  it('tells the model what to do', async () => {
    const { result } = await send({ company: 7 });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('/arguments/email');
    expect((await send(args('fail'))).result).toMatchObject({ isError: true });
    expect((await send(args('die'))).result.content[0]?.text).toContain('A person decides');
  });

  it('is an error of the protocol when the host is wrong', async () => {
    expect((await send(args(), { tool: 'crm_update_contct' })).error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('Did you mean "crm_update_contact"?') as string,
    });
    expect(
      (await send(args(), { meta: { 'action-mesh/call': { idempotencykey: 'x' } } })).error,
    ).toMatchObject({
      code: -32_602,
      data: { errors: [{ pointer: '/idempotencykey' }] },
    });
    expect((await send(args(), { meta: { 'action-mesh/call': 'all' } })).error.code).toBe(-32_602);
    expect((await send('no object' as never)).error.code).toBe(-32_602);
  });
});

describe('a call that waits for its user', () => {
  const capabilities = { elicitation: { url: {}, form: {} } };

  it('asks a client that opens links, and continues the same call', async () => {
    const given = args('connect');
    const asked = await send(given, { capabilities });
    expect(asked.result.resultType).toBe('input_required');
    expect(asked.result.inputRequests?.['mesh']).toMatchObject({
      method: 'elicitation/create',
      params: { mode: 'url', url: connectUrl },
    });
    const seen = await harness.seen(callTopics);
    const call = await waitFor(
      () => seen.find(({ value }) => (value['arguments'] as { email?: string })['email'] === given['email']),
      { what: 'the call' },
    );
    const callId = String(call.value['call_id']);
    harness.views.set(callId, viewOf(call.value, 'AWAITING_AUTH'));
    const before = seen.length;
    const answered = send(given, {
      capabilities,
      more: { requestState: asked.result.requestState, inputResponses: { mesh: { action: 'accept' } } },
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await harness.answer(call.value, 'succeed');
    expect((await answered).result).toMatchObject({
      isError: false,
      _meta: { 'action-mesh/call_id': callId },
    });
    expect(seen).toHaveLength(before);
  });

  it('takes a state only from the same caller, tool and arguments (MQ1)', async () => {
    const given = args('connect');
    const { result } = await send(given, { capabilities });
    const state = result.requestState ?? '';
    const key = await harness.makeKey('default');
    await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status !== 401, {
      what: 'the key',
    });
    const tampered = state.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const [body, options] of [
      [args('connect'), { more: { requestState: state } }],
      [given, { more: { requestState: tampered } }],
      [given, { more: { requestState: state }, key }],
      [given, { more: { requestState: state }, tool: exactTool }],
      [given, { more: { requestState: 'v1.e30.AAAA' } }],
      [given, { more: { requestState: { callId: 'x' } } }],
    ] as const) {
      const { error } = await send(body, { capabilities, ...options });
      expect([error.code, error.message]).toEqual([-32_602, expect.stringContaining('requestState')]);
    }
  });

  it('is withdrawn when its user declines', async () => {
    const given = args('connect');
    const { result } = await send(given, { capabilities });
    const seen = await harness.seen(callTopics);
    const call = seen.find(
      ({ value }) => (value['arguments'] as { email?: string })['email'] === given['email'],
    );
    const callId = String(call?.value['call_id']);
    harness.views.set(callId, viewOf(call?.value ?? {}, 'AWAITING_AUTH'));
    harness.executor.answer = ({ path: asked }) =>
      asked.endsWith('/cancel') ? { status: 200, body: viewOf(call?.value ?? {}, 'CANCELLED') } : undefined;
    const declined = await send(given, {
      capabilities,
      headers: { prefer: 'wait=0' },
      more: { requestState: result.requestState, inputResponses: { mesh: { action: 'decline' } } },
    });
    harness.executor.answer = () => undefined;
    expect(declined.result.resultType).toBe('complete');
    expect(harness.executor.requests.some(({ path: asked }) => asked.endsWith(`/${callId}/cancel`))).toBe(
      true,
    );
  });

  it('gives a client without links the link as text', async () => {
    const { result } = await send(args('connect'));
    expect(result.content[0]?.text).toContain(connectUrl);
  });

  it('makes an old client open the link, after the call was withdrawn (MP3)', async () => {
    const session = await initialized({ elicitation: { url: {} } });
    let cancelled = '';
    harness.executor.answer = ({ path: asked }) => {
      if (!asked.endsWith('/cancel')) return undefined;
      cancelled = asked.split('/').at(-2) ?? '';
      return { status: 200, body: { ...viewOf({}, 'CANCELLED'), call_id: cancelled } };
    };
    const { error } = await sendOld(args('connect'), session, 9);
    harness.executor.answer = () => undefined;
    expect(error).toMatchObject({
      code: -32_042,
      data: { elicitations: [{ mode: 'url', url: connectUrl, elicitationId: cancelled }] },
    });
    // Without a proof of the withdrawal, a repetition could run beside the call.
    const unsure = await sendOld(args('connect'), session, 10);
    expect(unsure.result.content[0]?.text).toContain(connectUrl);
    expect((await sendOld(args('connect'), await initialized(), 9)).result.content[0]?.text).toContain(
      connectUrl,
    );
  });

  it('keeps the call of an old client whose own identity a repetition has too (MP3)', async () => {
    const session = await initialized({ elicitation: { url: {} } });
    const cancellations = (): number =>
      harness.executor.requests.filter(({ path: asked }) => asked.endsWith('/cancel')).length;
    const before = cancellations();
    const keyed = { 'action-mesh/call': { idempotency_key: `k-${newId()}` } };
    expect((await sendOld(args('connect'), session, 11, keyed)).error.code).toBe(-32_042);
    // A repetition behind the end of the window would act beside this call.
    const inWindow = { 'action-mesh/call': { scope: 'window:10m' } };
    const { result } = await sendOld(args('connect'), session, 12, inWindow);
    expect(result.content[0]?.text).toContain(connectUrl);
    expect(cancellations()).toBe(before);
  });

  it('informs about an approval, and never asks the requester for it (MQ3)', async () => {
    const { result } = await send(args('approve'), { capabilities: { elicitation: {} } });
    expect(result.inputRequests?.['mesh']?.params).toMatchObject({
      message: expect.stringMatching(/another person to approve it. Deletions need/) as string,
      requestedSchema: { type: 'object', properties: {} },
    });
    const without = await send(args('approve'));
    expect(without.result.content[0]?.text).toContain('waits until');
  });
});

describe('a call that takes long', () => {
  const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const task = async (
    method: string,
    taskId: string,
    options: { key?: string; capabilities?: object } = {},
  ) => {
    const request = modernRequest(1, method, { taskId }, {}, options.capabilities ?? capabilities);
    const { body } = await plainRequest(
      gateway.url,
      { key: options.key ?? apiKey, headers: { ...headers, ...request.headers } },
      request.message,
    );
    return body as unknown as { result: Record<string, unknown>; error: { code: number } };
  };

  it('becomes a task whose id is the id of the call', async () => {
    const given = args('never');
    const { result } = await send(given, { capabilities, headers: { prefer: 'wait=0' } });
    const taskId = result.taskId ?? '';
    expect(result).toMatchObject({ resultType: 'task', status: 'working', ttlMs: null });
    expect((await task('tasks/get', taskId)).result).toMatchObject({
      taskId,
      status: 'working',
      resultType: 'complete',
    });
    const call = await accepted(taskId);
    const outcome = {
      call_id: taskId,
      seq: 9,
      status: 'succeeded',
      result: { done: true },
      replayed: false,
    };
    harness.views.set(taskId, { ...viewOf(call, 'SUCCEEDED'), outcome: JSON.stringify(outcome) });
    const done = await task('tasks/get', taskId);
    expect(done.result).toMatchObject({ status: 'completed', result: { isError: false } });
    expect(JSON.stringify(done.result)).toContain('{\\"done\\":true}');
  });

  it('is cancelled as a task, and asks for the account of its user', async () => {
    const given = args('connect');
    const { result } = await send(given, { capabilities });
    const taskId = result.taskId ?? '';
    const waiting = { reason: 'awaiting_auth', connect_url: connectUrl };
    const outcome = { call_id: taskId, seq: 1, status: 'waiting', waiting, replayed: false };
    harness.views.set(taskId, {
      ...viewOf(await accepted(taskId), 'AWAITING_AUTH'),
      outcome: JSON.stringify(outcome),
    });
    const both = { ...capabilities, elicitation: { url: {} } };
    expect((await task('tasks/get', taskId, { capabilities: both })).result).toMatchObject({
      status: 'input_required',
      inputRequests: { mesh: { method: 'elicitation/create' } },
    });
    expect((await task('tasks/get', taskId)).result).toMatchObject({ status: 'working' });
    expect((await task('tasks/update', taskId)).result).toMatchObject({ resultType: 'complete' });
    harness.executor.answer = ({ path: asked }) =>
      asked.endsWith('/cancel')
        ? { status: 200, body: { ...viewOf({}, 'CANCELLED'), call_id: taskId } }
        : undefined;
    expect((await task('tasks/cancel', taskId)).result).toEqual(
      expect.objectContaining({ resultType: 'complete' }) as object,
    );
    harness.executor.answer = () => undefined;
  });

  it('is not acknowledged as cancelled before the ledger knows it (MT3)', async () => {
    const { result } = await send(args('never'), { capabilities, headers: { prefer: 'wait=0' } });
    const { error } = await task('tasks/cancel', result.taskId ?? '');
    expect(error).toMatchObject({
      code: -32_603,
      message: expect.stringContaining('Send tasks/cancel again') as string,
    });
  });

  it('belongs to its caller (MT2)', async () => {
    const { result } = await send(args('never'), { capabilities, headers: { prefer: 'wait=0' } });
    const taskId = result.taskId ?? '';
    const key = await harness.makeKey('default', { users: ['grace'] });
    await waitFor(async () => (await new HttpClient(gateway.url, key).get('/v1/me')).status !== 401, {
      what: 'the key',
    });
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      expect((await task(method, taskId, { key })).error.code).toBe(-32_602);
      expect((await task(method, newId())).error.code).toBe(-32_602);
      expect((await task(method, taskId, { capabilities: {} })).error.code).toBe(-32_021);
    }
  });

  it('is text for a client without tasks', async () => {
    const { result } = await send(args('never'), { headers: { prefer: 'wait=0' } });
    expect(result.content[0]?.text).toContain('has no result yet');
    const declared = await send(args('never'), { headers: { prefer: 'wait=0' }, tool: exactTool });
    expect(declared.result.isError).toBe(true);
  });

  it('continues when its host leaves (MP2)', async () => {
    const given = args('never');
    const request = modernRequest(900, 'tools/call', { name, arguments: given });
    const gone = new AbortController();
    const answer = fetch(`${gateway.url}${path}`, {
      method: 'POST',
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
        ...request.headers,
      },
      body: JSON.stringify(request.message),
    });
    const seen = await harness.seen(callTopics);
    const isIts = ({ value }: { value: Readonly<Record<string, unknown>> }): boolean =>
      (value['arguments'] as { email?: string })['email'] === given['email'];
    await waitFor(() => seen.find(isIts), { what: 'the call' });
    gone.abort();
    await expect(answer).rejects.toThrow();
    expect(
      harness.executor.requests.filter(({ path: asked }) => asked.endsWith('/cancel')).length,
    ).toBeLessThan(10);
  });
});

describe('a subscription', () => {
  it('tells that tools have changed', async () => {
    const client = await modernHost(gateway.url, host);
    let changes = 0;
    const subscription = await client.listen({ toolsListChanged: true });
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      changes += 1;
    });
    await harness.publishTool(sampleTool({ slug: 'bulk_new', toolkit: 'bulk' }));
    await waitFor(() => changes > 0, { what: 'the notification', timeoutMs: 10_000 });
    await subscription.close();
    await client.close();
  });
});

/** The executor's view of a call. */
function viewOf(call: Readonly<Record<string, unknown>>, state: string): Record<string, unknown> {
  return {
    call_id: call['call_id'] ?? newId(),
    tenant_id: 'default',
    user_id: call['user_id'] ?? 'ada',
    tool: call['tool'] ?? { slug: name, version: '1.2.0' },
    state,
    attempts: 0,
    received_at: new Date().toISOString(),
    ...(call['arguments'] === undefined ? {} : { arguments: call['arguments'] }),
  };
}

import { ActionMesh, isSettled, NotFoundError, type MeshOutcome } from '@action-mesh/sdk';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(60_000);

let harness: MeshHarness;
let mesh: ActionMesh;
/** How many requests of the client reach the mesh, and lose their answer on the way back. */
let lostAnswers = 0;

beforeAll(async () => {
  harness = await startMesh({ form: 'one process' });
  mesh = new ActionMesh({
    baseUrl: harness.mesh.gatewayUrl,
    apiKey: harness.mesh.apiKey,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (lostAnswers === 0) return response;
      lostAnswers--;
      await response.arrayBuffer();
      throw new TypeError('the connection broke');
    },
  });
}, 120_000);

beforeEach(() => harness.oracle.reset());

afterAll(() => harness.close(), 60_000);

const message = (text: string): object => ({ channel: '#x', text });

describe('a call by the SDK', () => {
  it('gives its outcome as data, and a repetition in its run gets the same one (I2)', async () => {
    const as = { userId: 'ada', runId: newId() };
    const first = await mesh.tools.execute('post_message', message('hello'), as);
    const second = await mesh.tools.execute('post_message', message('hello'), as);
    expect(first).toMatchObject({ status: 'succeeded', replayed: false });
    expect(second).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
  });

  it('acts once when its answer is lost and the client sends it again (I2)', async () => {
    lostAnswers = 2;
    const outcome = await mesh.tools.execute('post_message', message('lost'), { userId: 'ada' });
    expect([outcome.status, lostAnswers]).toEqual(['succeeded', 0]);
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
  });

  it('is a call of its own without a run and a key', async () => {
    const call = (): Promise<{ status: string }> =>
      mesh.tools.execute('post_message', message('twice'), { userId: 'ada' });
    expect([(await call()).status, (await call()).status]).toEqual(['succeeded', 'succeeded']);
    expect(await harness.oracle.effects()).toMatchObject({ effects: 2 });
  });

  it('is refused when its key has another call', async () => {
    const options = { userId: 'ada', idempotencyKey: newId() };
    await mesh.tools.execute('post_message', message('one'), options);
    const other = mesh.tools.execute('post_message', message('two'), options);
    await expect(other).rejects.toMatchObject({ status: 422, code: 'idempotency_key_conflict' });
  });

  it('names the tool that does not exist, with a step that helps', async () => {
    const call = mesh.tools.execute('no_such_tool', {}, { userId: 'ada' });
    await expect(call).rejects.toThrow(NotFoundError);
    await expect(call).rejects.toMatchObject({ code: 'tool_not_found', status: 404 });
  });

  it('continues the trace of its caller (I14)', async () => {
    const trace = newId().replaceAll('-', '');
    const outcome = await mesh.tools.execute('post_message', message('trace'), {
      userId: 'ada',
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    });
    expect(await mesh.calls.get(outcome.call_id)).toMatchObject({ trace_id: trace });
  });

  it('is rehearsed without a request', async () => {
    const outcome = await mesh.tools.execute('post_message', message('dry'), {
      userId: 'ada',
      mode: 'dry_run',
    });
    if (outcome.status !== 'dry_run') throw new Error(outcome.status);
    expect(outcome.preview.request.method).toBe('POST');
    expect(await harness.oracle.effects()).toMatchObject({ effects: 0 });
  });

  it('is accepted without a wait, and waited for later', async () => {
    const accepted = await mesh.tools.execute('post_message', message('later'), { userId: 'ada', waitMs: 0 });
    const outcome = await mesh.calls.wait(accepted.call_id);
    expect([isSettled(outcome), outcome.status]).toEqual([true, 'succeeded']);
    expect((await mesh.calls.attempts(accepted.call_id)).attempts).toBe(1);
    expect(JSON.parse((await mesh.calls.result(accepted.call_id)).text())).toBeDefined();
  });

  it('is found in lists, page by page', async () => {
    const runId = newId();
    const calls = [1, 2, 3].map((n) => ({
      slug: 'post_message',
      arguments: message(`${n}`),
      userId: 'ada',
      runId,
    }));
    const answers = await mesh.calls.submit(calls);
    expect(answers.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    await waitFor(async () => (await mesh.calls.list({ runId })).calls.length === 3, { what: 'three calls' });
    const found: string[] = [];
    for await (const { call_id } of mesh.calls.iterate({ runId, limit: 2 })) found.push(call_id);
    expect(found).toHaveLength(3);
  });
});

describe('a subscription to outcomes', () => {
  it('gets outcomes as they come, and continues in another process without a gap', async () => {
    const runId = newId();
    const first = mesh.outcomes.subscribe({ runId });
    const iterator = first[Symbol.asyncIterator]();
    const next = iterator.next();
    // The stream begins with the end of the log: a call before it is not in it.
    await waitFor(() => first.lastEventId !== undefined, { what: 'the stream' });
    await mesh.tools.execute('post_message', message('s1'), { userId: 'ada', runId });
    expect(await next).toMatchObject({ value: { status: 'succeeded' } });
    await iterator.return(undefined);

    await mesh.tools.execute('post_message', message('s2'), { userId: 'ada', runId });
    const second = mesh.outcomes.subscribe({ runId }, { lastEventId: first.lastEventId });
    const seen: MeshOutcome[] = [];
    for await (const outcome of second) {
      seen.push(outcome);
      break;
    }
    expect(seen).toMatchObject([{ status: 'succeeded' }]);
    const [outcome] = seen;
    expect(await mesh.calls.get(outcome?.call_id ?? '')).toMatchObject({ arguments: message('s2') });
  });
});

describe('tools for a model', () => {
  it.each(['openai', 'openai_chat', 'anthropic', 'gemini', 'mcp', 'plain'] as const)(
    'come in the shape of %s',
    async (as) => {
      const [tool, ...others] = await mesh.tools.get({ slugs: ['post_message'] }, { as });
      expect(others).toEqual([]);
      expect(JSON.stringify(tool)).toContain('"name":"post_message"');
    },
  );

  it('are found by words, and shown with their schemas', async () => {
    const { tools } = await mesh.tools.search('message');
    expect(tools.map(({ slug }) => slug)).toContain('post_message');
    expect((await mesh.tools.show('post_message')).input).toMatchObject({ type: 'object' });
    await expect(mesh.tools.get({ slugs: ['no_such_tool'] }, { as: 'plain' })).rejects.toThrow(NotFoundError);
  });
});

describe('tool calls of a model', () => {
  const args = JSON.stringify(message('by a model'));

  it('are run once, and answered in the form of each vendor', async () => {
    const as = { userId: 'ada', runId: newId() };
    const chat = await mesh.tools.handleToolCalls(
      {
        choices: [
          {
            message: {
              tool_calls: [
                { id: 'c1', type: 'function', function: { name: 'post_message', arguments: args } },
              ],
            },
          },
        ],
      },
      as,
    );
    expect(chat).toMatchObject([{ role: 'tool', tool_call_id: 'c1' }]);
    const responses = await mesh.tools.handleToolCalls(
      { output: [{ type: 'function_call', call_id: 'c2', name: 'post_message', arguments: args }] },
      as,
    );
    expect(responses).toMatchObject([{ type: 'function_call_output', call_id: 'c2' }]);
    const anthropic = await mesh.tools.handleToolCalls(
      { content: [{ type: 'tool_use', id: 't1', name: 'post_message', input: message('by a model') }] },
      as,
    );
    expect(anthropic).toMatchObject([
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', is_error: false }] },
    ]);
    const gemini = await mesh.tools.handleToolCalls(
      {
        candidates: [
          { content: { parts: [{ functionCall: { name: 'post_message', args: message('by a model') } }] } },
        ],
      },
      as,
    );
    expect(gemini).toMatchObject([
      { role: 'user', parts: [{ functionResponse: { name: 'post_message', response: { output: {} } } }] },
    ]);
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
  });

  it('act once when a response is handled twice without a run', async () => {
    const response = {
      content: [{ type: 'tool_use', id: newId(), name: 'post_message', input: message('again') }],
    };
    await mesh.tools.handleToolCalls(response, { userId: 'ada' });
    await mesh.tools.handleToolCalls(response, { userId: 'ada' });
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
  });

  it('that are wrong get answers which a model can read', async () => {
    const use = (name: string, input: unknown, id = newId()): object => ({
      type: 'tool_use',
      id,
      name,
      input,
    });
    const [answer] = await mesh.tools.handleToolCalls(
      {
        content: [
          use('post_message', { channel: 7 }),
          use('no_such_tool', {}),
          use('..', {}),
          use('post_message', message('fine')),
        ] as { type: string }[],
      },
      { userId: 'ada', runId: newId() },
    );
    expect(answer?.content.map(({ is_error }) => is_error)).toEqual([true, true, true, false]);
    expect(answer?.content[0]?.content).toContain('/arguments/channel');
  });
});

describe('the administration by the SDK', () => {
  it('sets limits, makes keys, declares triggers and fires them', async () => {
    expect(await mesh.me()).toMatchObject({ tenant: 'default' });
    const created = await mesh.keys.create({ role: 'agent', holder: 'sdk-test' });
    expect(await mesh.keys.get(created.id)).toMatchObject({ holder: 'sdk-test' });
    await mesh.keys.revoke(created.id);
    expect(await mesh.triggers.fire('sdk_test', { n: 1 })).toMatchObject({
      trigger_id: expect.any(String) as string,
    });
    expect(await mesh.limits.list()).toHaveProperty('limits');
    expect(await mesh.switches.list()).toHaveProperty('switches');
    expect(await mesh.policies.list()).toHaveProperty('policies');
  });
});

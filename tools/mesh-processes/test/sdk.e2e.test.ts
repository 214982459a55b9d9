import { createHmac } from 'node:crypto';

import {
  ActionMesh,
  ConnectFailedError,
  isSettled,
  KillSwitchError,
  NotFoundError,
  type ExecutedCall,
  type MeshOutcome,
} from '@action-mesh/sdk';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';
import { PageBrowser } from './page-browser.js';

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

const contact = (email: string): object => ({ email, name: 'Ada' });
const put = (email: string, more: object = {}): Promise<ExecutedCall> =>
  mesh.tools.execute('put_contact', contact(email), { userId: 'ada', ...more });

describe('dead letters by the SDK', () => {
  /** A call to a provider that is broken while it runs. */
  async function deadCall(email: string): Promise<string> {
    await harness.oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
    const outcome = await put(email);
    expect(outcome).toMatchObject({ status: 'dead', error: { code: 'provider_error' } });
    await harness.oracle.reset();
    return outcome.call_id;
  }

  it('are listed, shown, counted before a redrive, and succeed once by it (I2, I9)', async () => {
    const callId = await deadCall('sdk-dead@example.com');
    const { calls } = await mesh.deadLetters.list({ tool: 'put_contact', userId: 'ada' });
    expect(calls).toMatchObject([{ call_id: callId, status: 'dead', attempts: 3 }]);
    const found: string[] = [];
    for await (const { call_id: id } of mesh.deadLetters.iterate({ tool: 'put_contact' })) found.push(id);
    expect(found).toEqual([callId]);
    expect(await mesh.deadLetters.get(callId)).toMatchObject({ arguments: contact('sdk-dead@example.com') });
    const filter = { tool: 'put_contact' };
    expect(await mesh.deadLetters.redrive({ filter, dryRun: true })).toMatchObject({
      dry_run: true,
      redriven: { count: 1, call_ids: [callId] },
    });
    expect(await mesh.deadLetters.redrive({ callIds: [callId] })).toMatchObject({ redriven: { count: 1 } });
    expect(await mesh.calls.wait(callId)).toMatchObject({ status: 'succeeded', redrives: 1 });
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
    expect((await mesh.deadLetters.list()).calls).toEqual([]);
  });

  it('are redriven one by one, and corrected', async () => {
    const callId = await deadCall('sdk-typo@example.com');
    const correction = { arguments: { ...contact('sdk-right@example.com') } };
    const corrected = await mesh.deadLetters.correct(callId, correction);
    expect(corrected).toMatchObject({ status: 'succeeded', result: { email: 'sdk-right@example.com' } });
    const other = await deadCall('sdk-again@example.com');
    await mesh.calls.redrive(other);
    expect(await mesh.calls.wait(other)).toMatchObject({ status: 'succeeded' });
  });

  it('of an unknown end take the verdict of a person', async () => {
    await harness.oracle.behave({ match: { path: '/echo' }, mode: 'close-before-response', times: 1 });
    const outcome = await mesh.tools.execute('write_opaque', { text: 'did it?' }, { userId: 'ada' });
    expect(outcome).toMatchObject({ status: 'needs_review' });
    const { call_id: callId } = outcome;
    expect(await mesh.deadLetters.redrive({ callIds: [callId] })).toMatchObject({
      redriven: { count: 0 },
      needs_verdict: { count: 1 },
    });
    const call = await mesh.calls.resolve(callId, { verdict: 'happened', result: { seen: true } });
    expect(call).toMatchObject({ state: 'SUCCEEDED' });
  });
});

describe('approvals by the SDK', () => {
  const ask = {
    decision: 'ask',
    match: { tool: 'put_contact', user_id: 'bob' },
    reason: 'A person looks.',
  } as const;
  let eve: ActionMesh;

  beforeAll(async () => {
    const { key } = await mesh.keys.create({ role: 'approver', holder: 'eve' });
    eve = new ActionMesh({ baseUrl: harness.mesh.gatewayUrl, apiKey: key });
    await mesh.policies.put('sdk-asks', ask);
    const rehearsal = async (): Promise<unknown> =>
      put('rehearsed@example.com', { userId: 'bob', mode: 'dry_run' });
    await waitFor(async () => JSON.stringify(await rehearsal()).includes('sdk-asks'), { what: 'the policy' });
    await waitFor(() => eve.approvals.list().then(Boolean, () => false), { what: 'the key of eve' });
  });

  afterAll(async () => {
    const { revision } = await mesh.policies.get('sdk-asks');
    await mesh.policies.remove('sdk-asks', { revision: String(revision) });
  });

  it('are listed and shown, and let the call run with the arguments that were seen', async () => {
    const asked = await put('approved@example.com', { userId: 'bob' });
    if (asked.status !== 'waiting') throw new Error(asked.status);
    const { approvals } = await eve.approvals.list({ userId: 'bob' });
    expect(approvals).toMatchObject([{ id: asked.waiting.approval?.id, status: 'pending' }]);
    const seen = await eve.approvals.get(approvals[0]?.id ?? '');
    expect(seen).toMatchObject({ arguments: contact('approved@example.com'), call_id: asked.call_id });
    const stale = { id: seen.id, arguments_digest: '0'.repeat(64) };
    await expect(eve.approvals.approve(stale)).rejects.toMatchObject({ code: 'approval_digest_mismatch' });
    expect(await eve.approvals.approve(seen, { note: 'Fine.' })).toMatchObject({ status: 'approved' });
    expect(await mesh.calls.wait(asked.call_id)).toMatchObject({ status: 'succeeded' });
  });

  it('that a person rejects end the call without a request', async () => {
    const asked = await put('rejected@example.com', { userId: 'bob' });
    const ids: string[] = [];
    for await (const { id } of eve.approvals.iterate({ status: 'pending' })) ids.push(id);
    const seen = await eve.approvals.get(ids[0] ?? '');
    expect(await eve.approvals.reject(seen, { note: 'She asked us not to.' })).toMatchObject({
      status: 'rejected',
    });
    expect(await mesh.calls.wait(asked.call_id)).toMatchObject({
      status: 'failed',
      error: { code: 'approval_rejected' },
    });
    expect(await harness.oracle.effects()).toMatchObject({ effects: 0 });
  });
});

describe('connect links by the SDK', () => {
  beforeAll(async () => {
    const body = { provider: 'basic', hosts: ['desk.example.com'], base_url: 'https://desk.example.com' };
    await mesh.request('putIntegration', { path: { integration: 'desk' }, body });
  });

  /** Enters a name and a password on the page of a link, and agrees. */
  async function enter(url: string, last: 'confirm' | 'cancel'): Promise<void> {
    const browser = new PageBrowser(harness.mesh.gatewayUrl);
    const { pathname } = new URL(url);
    await browser.press(pathname, 'fields', { 'field.username': 'ada', 'field.password': 'p' });
    await browser.press(pathname, last);
  }

  it('wait for the user, and give the connection', async () => {
    const link = await mesh.connections.link('ada', 'desk');
    const waiting = link.waitForConnection({ timeoutMs: 30_000 });
    await enter(link.url, 'confirm');
    const connection = await waiting;
    expect(connection).toMatchObject({ user_id: 'ada', integration: 'desk', state: 'active' });
    const { connection_id: id } = connection;
    expect((await mesh.connections.list({ userId: 'ada' })).connections).toMatchObject([
      { connection_id: id },
    ]);
    expect(await mesh.connections.setDefault(id)).toMatchObject({ is_default: true });
    await mesh.connections.remove(id);
    const found: string[] = [];
    for await (const { state } of mesh.connections.iterate({ userId: 'ada' })) found.push(state);
    expect(found).not.toContain('active');
  });

  it('say that the user did not agree', async () => {
    const link = await mesh.connections.link('ada', 'desk');
    const failed = expect(link.waitForConnection({ timeoutMs: 30_000 })).rejects.toThrow(ConnectFailedError);
    await enter(link.url, 'cancel');
    await failed;
  });
});

describe('the administration by the SDK', () => {
  it('makes keys, shows and revokes them', async () => {
    expect(await mesh.me()).toMatchObject({ tenant: 'default' });
    const created = await mesh.keys.create({ role: 'agent', holder: 'sdk-test' });
    expect(await mesh.keys.get(created.id)).toMatchObject({ holder: 'sdk-test' });
    await mesh.keys.revoke(created.id);
  });

  it('sets limits, lists and removes them', async () => {
    const limit = {
      id: 'sdk',
      match: { tool: 'post_message' },
      per: 'tool',
      limit: 500,
      window: '1s',
    } as const;
    expect(await mesh.limits.put('sdk', limit)).toMatchObject({ policy: limit, source: 'api' });
    const listed = async (): Promise<string[]> =>
      (await mesh.limits.list()).limits.map(({ policy }) => policy.id);
    expect(await listed()).toContain('sdk');
    await mesh.limits.remove('sdk');
    expect(await listed()).not.toContain('sdk');
    expect(await mesh.limits.breakers()).toHaveProperty('breakers');
  });

  it('stops the calls of a tool by a kill switch, and lifts it', async () => {
    const { id } = await mesh.switches.turnOn({
      target: { type: 'tool', value: 'post_message' },
      reason: 'an incident',
    });
    expect((await mesh.switches.list()).switches).toMatchObject([{ id, reason: 'an incident' }]);
    const call = (text: string): Promise<unknown> =>
      mesh.tools
        .execute('post_message', message(text), { userId: 'ada', waitMs: 0 })
        .catch((thrown: unknown) => thrown);
    await waitFor(async () => (await call('switched off')) instanceof KillSwitchError, {
      what: 'the switch',
    });
    expect(await call('switched off')).toMatchObject({ code: 'switched_off', status: 423 });
    await mesh.switches.lift(id);
    await waitFor(async () => !((await call('lifted')) instanceof KillSwitchError), { what: 'the lift' });
    expect((await mesh.switches.list()).switches).toEqual([]);
  });

  it('reports an event once per key', async () => {
    const fire = async (): Promise<string | undefined> =>
      (await mesh.triggers.fire('sdk_event', { n: 1 }, { idempotencyKey: 'once' })).delivery_id;
    const first = await fire();
    expect([typeof first, await fire()]).toEqual(['string', first]);
  });

  it('declares a trigger whose deliveries start calls, shows them, and removes it', async () => {
    const secret = 'a secret that github signs with';
    const declared = await mesh.triggers.declare('sdk_hook', {
      scheme: 'github',
      secrets: [secret],
      user_id: 'ada',
      calls: [{ tool: 'post_message', arguments: '{"channel": "#fired", "text": text}' }],
    });
    expect(declared).toMatchObject({ trigger: 'sdk_hook', scheme: 'github' });
    expect((await mesh.triggers.list()).triggers.map(({ trigger }) => trigger)).toContain('sdk_hook');
    expect(await mesh.triggers.get('sdk_hook')).toMatchObject({ user_id: 'ada' });
    const body = JSON.stringify({ text: 'hi' });
    const headers = {
      'content-type': 'application/json',
      'x-github-delivery': newId(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    };
    const address = `${harness.mesh.gatewayUrl}/hooks/default/sdk_hook`;
    const deliver = async (): Promise<number> =>
      (await fetch(address, { method: 'POST', headers, body })).status;
    await waitFor(async () => (await deliver()) === 202, { what: 'the trigger' });
    const started = async () => {
      const { deliveries } = await mesh.triggers.deliveries('sdk_hook');
      return deliveries.find(({ call_ids: calls }) => calls.length > 0);
    };
    const { call_ids: calls } = await waitFor(started, { what: 'the call of the delivery' });
    expect(await mesh.calls.wait(calls[0] ?? '')).toMatchObject({ status: 'succeeded' });
    await mesh.triggers.remove('sdk_hook');
    await expect(mesh.triggers.get('sdk_hook')).rejects.toThrow(NotFoundError);
  });
});

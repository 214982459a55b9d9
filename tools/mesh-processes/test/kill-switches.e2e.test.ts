import { callerHeaders } from '@action-mesh/contracts';
import { scopeNames, type SwitchTarget } from '@action-mesh/contracts/auth-broker';
import { waitingPageSchema, type WaitingPage } from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { ask, callOf, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(120_000);

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
});

afterEach(() => harness.oracle.reset());

afterAll(() => harness.close());

const operator = { tenantId: 'default', holder: 'olga', scopes: new Set(scopeNames) };

async function askService(service: 'auth-broker' | 'executor', method: string, path: string, body?: object) {
  const { mesh } = harness;
  const response = await fetch(`${mesh.urlOf(service)}/internal/${path}`, {
    method,
    headers: {
      'x-mesh-service-key': mesh.serviceKey,
      ...callerHeaders(operator),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  const text = await response.text();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

async function turnOn(target: SwitchTarget): Promise<string> {
  const { id } = (await askService('auth-broker', 'POST', 'switches', { target, reason: 'an incident' })) as {
    readonly id: string;
  };
  return id;
}

const lift = (switchId: string): Promise<unknown> =>
  askService('auth-broker', 'DELETE', `switches/${switchId}`);

async function heldBy(switchId: string): Promise<WaitingPage['calls']> {
  const page = await askService('executor', 'GET', 'waiting?reason=switched_off&limit=100');
  return waitingPageSchema.parse(page).calls.filter(({ scope }) => scope === `switch:${switchId}`);
}

async function submit(tool: string, args: object, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const answer = await ask(harness.mesh, 'POST', `/v1/tools/${tool}/execute`, callOf(args, newId()), {
      prefer: 'respond-async',
    });
    ids.push(String(answer.body['call_id']));
  }
  return ids;
}

async function states(callIds: readonly string[]): Promise<Record<string, unknown>[]> {
  return Promise.all(
    callIds.map(async (callId) => (await ask(harness.mesh, 'GET', `/v1/calls/${callId}`)).body),
  );
}

const succeeded = (callIds: readonly string[]): Promise<unknown> =>
  waitFor(async () => (await states(callIds)).every(({ state }) => state === 'SUCCEEDED'), {
    timeoutMs: 30_000,
    what: 'all calls to succeed',
  });

describe('calls under a kill switch', () => {
  it('stay held when their executor is killed, also by its successor, and continue after the lift (I1, I2, KS1, KS2)', async () => {
    const { mesh, oracle } = harness;
    const path = '/crm/contacts/';
    const headers = { 'retry-after': '2' };
    await oracle.behave({ match: { path }, mode: 'status', status: 503, headers });
    const args = { email: 'held@acme.example', name: 'Held' };
    const callIds = await submit('put_contact', args, 20);
    await waitFor(async () => (await states(callIds)).every(({ waiting }) => waiting !== undefined), {
      timeoutMs: 20_000,
      what: 'each call to wait',
    });
    const switchId = await turnOn({ type: 'tool', value: 'put_contact' });
    await oracle.reset();
    await waitFor(async () => (await heldBy(switchId)).length > 0, {
      timeoutMs: 20_000,
      what: 'a held call',
    });
    await mesh.kill('executor');
    await mesh.start('executor');
    await waitFor(async () => (await heldBy(switchId)).length === callIds.length, {
      timeoutMs: 20_000,
      what: 'all calls to be held',
    });
    expect(await oracle.requests({ path })).toEqual([]);
    const attempts = (await states(callIds)).map((call) => Number(call['attempts']));

    await mesh.kill('executor');
    await mesh.start('executor');
    expect(await heldBy(switchId)).toHaveLength(callIds.length);
    await lift(switchId);
    await succeeded(callIds);
    expect(await oracle.requests({ path })).toHaveLength(callIds.length);
    expect((await states(callIds)).map((call) => call['attempts'])).toEqual(
      attempts.map((count) => count + 1),
    );
  });

  it('continue when their switch is lifted while no executor runs', async () => {
    const { mesh, oracle } = harness;
    const path = '/slack/chat.postMessage';
    await oracle.behave({ match: { path }, mode: 'status', status: 503, headers: { 'retry-after': '2' } });
    const callIds = await submit('post_message', { channel: '#x', text: 'hello' }, 3);
    const switchId = await turnOn({ type: 'tool', value: 'post_message' });
    await waitFor(async () => (await heldBy(switchId)).length === callIds.length, {
      timeoutMs: 20_000,
      what: 'all calls to be held',
    });
    await oracle.reset();
    await mesh.kill('executor');
    await lift(switchId);
    await mesh.start('executor');
    await succeeded(callIds);
    expect(await oracle.requests({ path })).toHaveLength(callIds.length);
  });

  it('whose executor died during their request are judged, and not sent again before the lift (I2, KS3)', async () => {
    const { mesh, oracle } = harness;
    const path = '/slack/chat.postMessage';
    await oracle.behave({ match: { path }, mode: 'delay', ms: 5_000, times: 1 });
    const [callId = ''] = await submit('post_message', { channel: '#x', text: 'under way' }, 1);
    await waitFor(async () => (await oracle.requests({ path })).length === 1, {
      timeoutMs: 20_000,
      what: 'the request',
    });
    const switchId = await turnOn({ type: 'agent', value: 'tester' });
    await mesh.kill('executor');
    await mesh.start('executor');
    await waitFor(async () => (await heldBy(switchId)).length === 1, {
      timeoutMs: 20_000,
      what: 'the call to be held',
    });
    expect(await oracle.requests({ path })).toHaveLength(1);
    await lift(switchId);
    await succeeded([callId]);
    expect(await states([callId])).toMatchObject([{ attempts: 2 }]);
    expect(await oracle.requests({ path })).toHaveLength(2);
  });
});

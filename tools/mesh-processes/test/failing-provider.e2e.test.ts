import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

beforeEach(async () => {
  await harness.oracle.reset();
});

afterAll(async () => {
  await harness.close();
}, 60_000);

/** Submits a call without waiting for it, and returns its id. */
async function submit(tool: string, args: object): Promise<string> {
  const call = { ...callOf(args, newId()), tool: { slug: tool } };
  const { body } = await ask(harness.mesh, 'POST', '/v1/calls', call);
  return String(body['call_id']);
}

async function viewOf(callId: string): Promise<GatewayAnswer['body']> {
  return (await ask(harness.mesh, 'GET', `/v1/calls/${callId}`)).body;
}

async function untilState(callId: string, ...states: string[]): Promise<GatewayAnswer['body']> {
  let view: GatewayAnswer['body'] = {};
  await waitFor(
    async () => {
      view = await viewOf(callId);
      return states.includes(String(view['state']));
    },
    { timeoutMs: 30_000, what: `the call to be ${states.join(' or ')}` },
  );
  return view;
}

describe('a provider that sends Retry-After', () => {
  it('gets no request before its Retry-After, and the caller learns the time (I6)', async () => {
    const { oracle } = harness;
    await oracle.behave({
      match: { path: '/slack' },
      mode: 'status',
      status: 429,
      headers: { 'retry-after': '3' },
      times: 1,
    });
    const callId = await submit('post_message', { channel: '#x', text: 'patience' });
    const waiting = await untilState(callId, 'RETRY_WAIT', 'THROTTLED');
    expect(waiting).toMatchObject({ outcome: { status: 'waiting' }, attempts: 1 });
    expect(await untilState(callId, 'SUCCEEDED')).toMatchObject({
      attempts: 2,
      outcome: { status: 'succeeded' },
    });
    const [first, second] = await oracle.requests({ path: '/slack' });
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
  }, 60_000);
});

describe('a delay that equals a rung of the ladder', () => {
  it('lasts as long as the rung, and not longer', async () => {
    const { oracle } = harness;
    await oracle.behave({
      match: { path: '/slack' },
      mode: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
      times: 1,
    });
    const callId = await submit('post_message', { channel: '#x', text: 'ladder' });
    await untilState(callId, 'SUCCEEDED');
    const [first, second] = await oracle.requests({ path: '/slack' });
    const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(1_000);
    // The scheduler wakes calls that the ladder has lost, but only after six seconds.
    expect(waitedMs).toBeLessThan(5_000);
  }, 60_000);
});

describe('a provider with lost answers', () => {
  it('gets a probe, and a call that happened is not repeated (I2)', async () => {
    const { oracle } = harness;
    await oracle.behave({
      match: { path: '/tickets', method: 'POST' },
      mode: 'close-before-response',
      effect: true,
      times: 1,
    });
    const callId = await submit('create_ticket', { title: 'acted' });
    const view = await untilState(callId, 'SUCCEEDED', 'NEEDS_REVIEW', 'DEAD');
    expect(view).toMatchObject({
      state: 'SUCCEEDED',
      attempts: 1,
      outcome: { status: 'succeeded', result: { title: 'acted', reference: expect.any(String) as unknown } },
    });
    const writes = await oracle.requests({ path: '/tickets', method: 'POST' });
    expect(writes.map(({ effect }) => effect)).toEqual(['new']);
  }, 60_000);

  it('gets two probes before a call that did not happen is sent again (I2)', async () => {
    const { oracle } = harness;
    await oracle.behave({
      match: { path: '/tickets', method: 'POST' },
      mode: 'close-before-response',
      effect: false,
      times: 1,
    });
    const callId = await submit('create_ticket', { title: 'lost' });
    expect(await untilState(callId, 'SUCCEEDED', 'NEEDS_REVIEW', 'DEAD')).toMatchObject({
      state: 'SUCCEEDED',
      attempts: 2,
    });
    expect(await oracle.requests({ path: '/tickets', method: 'GET' })).toHaveLength(2);
    expect((await oracle.effects()).effects).toBe(1);
  }, 60_000);
});

describe('a provider that keeps failing', () => {
  it("makes a repeatable call dead after the tool's number of attempts", async () => {
    const { oracle } = harness;
    await oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
    const callId = await submit('put_contact', { email: 'dead@example.com', name: 'Ada' });
    expect(await untilState(callId, 'SUCCEEDED', 'NEEDS_REVIEW', 'DEAD')).toMatchObject({
      state: 'DEAD',
      attempts: 3,
      outcome: {
        status: 'dead',
        error: { code: 'provider_error' },
        tried: [{ status_code: 503 }, { status_code: 503 }, { status_code: 503 }],
      },
    });
  }, 60_000);
});

import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

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

const post = (path: string, body: unknown = {}, headers = {}): Promise<GatewayAnswer> =>
  ask(harness.mesh, 'POST', path, body, headers);
const get = (path: string): Promise<GatewayAnswer> => ask(harness.mesh, 'GET', path);

async function execute(tool: string, args: object, more: object = {}): Promise<GatewayAnswer['body']> {
  return (await post(`/v1/tools/${tool}/execute`, { ...callOf(args, newId()), ...more })).body;
}

async function untilState(callId: string, state: string): Promise<GatewayAnswer['body']> {
  let view: GatewayAnswer['body'] = {};
  await waitFor(
    async () => {
      view = (await get(`/v1/calls/${callId}`)).body;
      return view['state'] === state;
    },
    { timeoutMs: 30_000, what: `the call to be ${state}` },
  );
  return view;
}

/** A call to a provider that stays broken until `oracle.reset()`. */
async function deadCall(email: string): Promise<string> {
  await harness.oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
  const outcome = await execute('put_contact', { email, name: 'Ada' });
  expect(outcome).toMatchObject({ status: 'dead', error: { code: 'provider_error' } });
  await harness.oracle.reset();
  return String(outcome['call_id']);
}

describe('a dead call', () => {
  it('is in the list and on the topic, and succeeds once when it is redriven (I9)', async () => {
    const callId = await deadCall('redriven@example.com');
    const { body: page } = await get('/v1/dead-letters?tool=put_contact');
    expect(page['calls']).toMatchObject([{ call_id: callId, status: 'dead', attempts: 3 }]);
    const { body: dead } = await get(`/v1/dead-letters/${callId}`);
    expect(dead).toMatchObject({
      arguments: { email: 'redriven@example.com' },
      tried: [{ status_code: 503 }, { status_code: 503 }, { status_code: 503 }],
    });
    expect(await letterOf(callId)).toMatchObject({
      status: 'dead',
      call: { call_id: callId },
      origin: { topic: expect.stringMatching(/mesh\.calls\.awaited$/) as string },
    });

    const redriveId = newId();
    const request = { redrive_id: redriveId, call_ids: [callId] };
    expect((await post('/v1/dead-letters/redrive', { ...request, dry_run: true })).body).toMatchObject({
      redriven: { count: 1 },
    });
    expect((await post('/v1/dead-letters/redrive', request)).body).toMatchObject({ redriven: { count: 1 } });
    expect((await post('/v1/dead-letters/redrive', request)).body).toMatchObject({
      redriven: { count: 0 },
      already_redriven: { count: 1 },
    });
    expect(await untilState(callId, 'SUCCEEDED')).toMatchObject({
      attempts: 4,
      outcome: { status: 'succeeded', redrives: 1 },
    });
    expect((await harness.oracle.effects()).effects).toBe(1);
    expect((await get('/v1/dead-letters')).body['calls']).toEqual([]);
  }, 60_000);

  it('is corrected as a new call, and is itself given up', async () => {
    const callId = await deadCall('typo@example.com');
    const correction = { arguments: { email: 'right@example.com', name: 'Ada' } };
    const corrected = await post(`/v1/dead-letters/${callId}/correct`, correction, { prefer: 'wait=20' });
    expect(corrected.body).toMatchObject({ status: 'succeeded', result: { email: 'right@example.com' } });
    const newCall = String(corrected.body['call_id']);
    expect((await get(`/v1/calls/${newCall}`)).body).toMatchObject({ corrects: callId });
    expect((await get(`/v1/calls/${callId}`)).body).toMatchObject({
      state: 'FAILED',
      outcome: { resolved_by: 'platform', error: { code: 'given_up' } },
    });
    expect((await post(`/v1/dead-letters/${callId}/correct`, correction)).status).toBe(404);
  }, 60_000);
});

describe('a call with an unknown effect', () => {
  it("needs a person's verdict, and is not redriven or corrected before it", async () => {
    await harness.oracle.behave({
      match: { path: '/echo' },
      mode: 'close-before-response',
      effect: true,
      times: 1,
    });
    const outcome = await execute('write_opaque', { text: 'did it?' });
    expect(outcome).toMatchObject({ status: 'needs_review', error: { code: 'effect_unknown' } });
    const callId = String(outcome['call_id']);
    expect(
      (await post('/v1/dead-letters/redrive', { redrive_id: newId(), call_ids: [callId] })).body,
    ).toMatchObject({
      redriven: { count: 0 },
      needs_verdict: { count: 1 },
    });
    const refused = await post(`/v1/dead-letters/${callId}/correct`, { arguments: { text: 'x' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'verdict_needed' } });
    const verdict = { verdict: 'happened', result: { seen: true } };
    expect((await post(`/v1/calls/${callId}/resolve`, verdict)).body).toMatchObject({ state: 'SUCCEEDED' });
    const again = await post(`/v1/calls/${callId}/resolve`, verdict);
    expect(again).toMatchObject({ status: 409, body: { code: 'verdict_not_needed' } });
    expect((await harness.oracle.effects()).effects).toBe(1);
  }, 60_000);
});

describe('a waiting call', () => {
  it('gives a caller that cannot wait the time of its next attempt, is listed, and is not sent after its cancellation', async () => {
    await harness.oracle.behave({
      match: { path: '/slack' },
      mode: 'status',
      status: 429,
      headers: { 'retry-after': '3600' },
    });
    // A user of its own, since a provider's limit of one credential delays all its calls.
    const call = { ...callOf({ channel: '#x', text: 'later' }, newId()), user_id: 'grace' };
    const answer = await post('/v1/tools/post_message/execute', call);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'waiting', waiting: { reason: 'retry' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_500);
    const callId = String(answer.body['call_id']);
    expect((await get('/v1/waiting?tool=post_message')).body['calls']).toMatchObject([{ call_id: callId }]);
    const soon = { not_before: new Date(Date.now() + 60_000).toISOString() };
    const moved = (await post(`/v1/calls/${callId}/reschedule`, soon)).body['waiting'] as { until: string };
    expect(Math.abs(Date.parse(moved.until) - Date.parse(soon.not_before))).toBeLessThan(1_000);
    expect((await post(`/v1/calls/${callId}/cancel`)).body).toMatchObject({ state: 'CANCELLED' });
    expect((await post(`/v1/calls/${callId}/cancel`)).status).toBe(409);
    expect(await harness.oracle.requests({ path: '/slack' })).toHaveLength(1);
  }, 60_000);
});

describe('an effect of calls', () => {
  it("is undone once by the tool's compensation, and the outcome of the call says so", async () => {
    const done = await execute('create_record', { email: 'undo@example.com', name: 'Ada' });
    const callId = String(done['call_id']);
    const undone = await post(`/v1/calls/${callId}/compensate`);
    expect(undone.body).toMatchObject({ status: 'succeeded', compensates: callId });
    const again = await post(`/v1/calls/${callId}/compensate`);
    expect(again.body).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await harness.oracle.requests({ path: '/crm', method: 'DELETE' })).toHaveLength(1);
    expect((await get(`/v1/calls/${callId}`)).body).toMatchObject({
      state: 'SUCCEEDED',
      compensating_actions: [{ tool: 'delete_record', status: 'succeeded' }],
      outcome: { compensating_actions: [{ tool: 'delete_record', status: 'succeeded' }] },
    });
  }, 60_000);

  it('without a compensation is refused', async () => {
    const done = await execute('write_opaque', { text: 'for ever' });
    const refused = await post(`/v1/calls/${String(done['call_id'])}/compensate`);
    expect(refused).toMatchObject({ status: 422, body: { code: 'not_compensable' } });
  }, 60_000);

  it('is undone in a saga in reverse order; calls without a compensation are skipped, and a failure stops it', async () => {
    const saga = { saga_id: `saga-${newId()}` };
    await execute('create_record', { email: 'one@example.com', name: '1' }, saga);
    await execute('write_opaque', { text: 'two' }, saga);
    await execute('create_record', { email: 'three@example.com', name: '3' }, saga);
    await harness.oracle.behave({
      match: { path: '/crm/contacts/three', method: 'DELETE' },
      mode: 'status',
      status: 403,
      times: 1,
    });
    const path = `/v1/sagas/${saga.saga_id}/compensate`;
    const stopped = await post(path);
    expect(stopped.status).toBe(202);
    expect(stopped.body).toMatchObject({
      done: false,
      calls: [{ tool: 'create_record', status: 'stopped' }],
    });
    expect(await harness.oracle.requests({ path: '/crm', method: 'DELETE' })).toHaveLength(1);

    const other = { saga_id: `saga-${newId()}` };
    for (const email of ['a@example.com', 'b@example.com']) {
      await execute('create_record', { email, name: email }, other);
    }
    await execute('write_opaque', { text: 'last' }, other);
    const undone = await post(`/v1/sagas/${other.saga_id}/compensate`);
    expect(undone).toMatchObject({
      status: 200,
      body: {
        done: true,
        calls: [{ status: 'not_compensable' }, { status: 'undone' }, { status: 'undone' }],
      },
    });
    const deleted = await harness.oracle.requests({ path: '/crm', method: 'DELETE' });
    expect(deleted.slice(1).map(({ path: seen }) => decodeURIComponent(seen))).toEqual([
      '/crm/contacts/b@example.com',
      '/crm/contacts/a@example.com',
    ]);
    expect((await post(`/v1/sagas/${other.saga_id}/compensate`)).body).toMatchObject({
      done: true,
      calls: [{ status: 'not_compensable' }, { status: 'undone_before' }, { status: 'undone_before' }],
    });
  }, 60_000);
});

describe('a limit', () => {
  it('that is set through the API holds, and calls beyond it wait without using up an attempt (I10)', async () => {
    const policy = {
      id: 'reads',
      match: { tool: 'read_item' },
      per: 'tool',
      limit: 5,
      window: '1s',
      burst: 5,
    };
    expect((await ask(harness.mesh, 'PUT', '/v1/limits/reads', policy)).status).toBe(200);
    await waitFor(async () => JSON.stringify((await get('/v1/limits')).body).includes('"published":true'), {
      timeoutMs: 10_000,
      what: 'the limit to be published',
    });
    const outcomes = await Promise.all(
      Array.from({ length: 25 }, (_, n) => execute('read_item', { id: `limited-${n}` })),
    );
    expect(outcomes.map(({ status, attempts }) => [status, attempts])).toEqual(
      outcomes.map(() => ['succeeded', 1]),
    );
    const seen = await harness.oracle.requests({ path: '/items' });
    expect(new Set(seen.map(({ path }) => path)).size).toBe(25);
    expect(seen).toHaveLength(25);
    const times = seen.map(({ atMs }) => atMs);
    for (const start of times) {
      // Requests are counted when they leave and seen when they arrive. A busy machine may move one across the
      // boundary.
      expect(times.filter((at) => at >= start && at < start + 900).length).toBeLessThanOrEqual(10);
    }
    expect(await ask(harness.mesh, 'PUT', '/v1/limits/reads', { ...policy, limit: 0 })).toMatchObject({
      status: 422,
      body: { code: 'invalid_limit' },
    });
    // A Redis that answers late once, on a busy machine, is not used for a second.
    await waitFor(async () => (await get('/v1/breakers')).body['mode'] === 'shared', {
      timeoutMs: 10_000,
      what: 'limits to be counted for all executors together',
    });
    expect((await get('/v1/breakers')).body).toMatchObject({
      breakers: expect.any(Array) as unknown,
      blocked: [{ provider: 'sim', credential: 'default/grace/sim' }],
    });
  }, 60_000);
});

describe('invalid requests', () => {
  it.each([
    ['POST', '/v1/calls/nonsense/cancel', {}, 404],
    ['POST', `/v1/calls/${newId()}/cancel`, {}, 404],
    ['POST', `/v1/calls/${newId()}/resolve`, { verdict: 'perhaps' }, 422],
    ['POST', `/v1/calls/${newId()}/resolve`, { verdict: 'give_up', more: 1 }, 422],
    ['POST', `/v1/calls/${newId()}/reschedule`, { not_before: 'tomorrow' }, 422],
    ['GET', '/v1/waiting?limit=100000', undefined, 422],
    ['GET', '/v1/waiting?limit=1&limit=2', undefined, 422],
    ['GET', "/v1/waiting?tool=x'%20OR%201=1", undefined, 422],
    ['GET', '/v1/dead-letters?cursor=%00%ff', undefined, 422],
    ['GET', '/v1/calls?cursor=%00%ff', undefined, 422],
    ['GET', '/v1/calls?limit=3', undefined, 200],
    ['POST', `/v1/dead-letters/${newId()}/redrive`, undefined, 404],
    ['GET', '/v1/dead-letters?colour=red', undefined, 422],
    ['GET', '/v1/dead-letters/nonsense', undefined, 404],
    ['POST', '/v1/dead-letters/redrive', { redrive_id: 'r' }, 422],
    ['POST', '/v1/dead-letters/redrive', { redrive_id: 'r', call_ids: [], filter: {} }, 422],
    ['POST', `/v1/dead-letters/${newId()}/correct`, { arguments: [] }, 422],
    ['POST', `/v1/dead-letters/${newId()}/correct`, { arguments: {} }, 404],
    ['POST', `/v1/calls/${newId()}/compensate`, {}, 404],
    ['POST', '/v1/sagas/unknown/compensate', {}, 200],
    ['PUT', '/v1/limits/..%2f..%2fcalls', { id: 'x' }, 422],
    ['DELETE', '/v1/limits/unknown', undefined, 404],
  ])('%s %s', async (method, path, body, status) => {
    expect((await ask(harness.mesh, method, path, body)).status).toBe(status);
  });
});

/** The newest dead letter of a call, read with a plain client. */
async function letterOf(callId: string): Promise<unknown> {
  const kafka = new Kafka({
    clientId: 'stranger',
    brokers: [...harness.brokers],
    logLevel: logLevel.NOTHING,
  });
  const consumer = kafka.consumer({ groupId: `stranger-${newId()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: `${harness.topicPrefix}mesh.calls.dlq`, fromBeginning: true });
  let found: unknown;
  await consumer.run({
    eachMessage: ({ message }) => {
      const letter = JSON.parse(message.value?.toString() ?? '{}') as { call?: { call_id?: string } };
      if (letter.call?.call_id === callId) found = letter;
      return Promise.resolve();
    },
  });
  await waitFor(() => found !== undefined, { timeoutMs: 20_000, what: 'the dead letter' });
  await consumer.disconnect();
  return found;
}

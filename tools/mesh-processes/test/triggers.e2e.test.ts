import { createHmac } from 'node:crypto';

import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { ask, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

const secret = 'a secret that github signs with';

/** Sends a delivery as GitHub does. */
async function deliver(
  trigger: string,
  body: object,
  { id = newId(), key = secret, tenant = 'default' }: { id?: string; key?: string; tenant?: string } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const bytes = JSON.stringify(body);
  const response = await fetch(`${harness.mesh.gatewayUrl}/hooks/${tenant}/${trigger}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(bytes).digest('hex')}`,
    },
    body: bytes,
  });
  return { status: response.status, text: await response.text() };
}

const put = (trigger: string, settings: object): Promise<GatewayAnswer> =>
  ask(harness.mesh, 'PUT', `/v1/triggers/${trigger}`, settings);

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly call_ids: readonly string[];
}

async function deliveriesOf(trigger: string): Promise<readonly Delivery[]> {
  const { body } = await ask(harness.mesh, 'GET', `/v1/triggers/${trigger}/deliveries`);
  return (body['deliveries'] ?? []) as readonly Delivery[];
}

/** The deliveries of a trigger, once all of them have ended. */
async function ended(trigger: string, count: number): Promise<readonly Delivery[]> {
  let found: readonly Delivery[] = [];
  await waitFor(
    async () => {
      found = await deliveriesOf(trigger);
      return found.length === count && found.every(({ state }) => state !== 'received');
    },
    { what: `${count} ended deliveries of ${trigger}`, timeoutMs: 60_000 },
  );
  return found;
}

/** The requests of one channel that the provider saw. */
async function messagesTo(channel: string): Promise<number> {
  const requests = await harness.oracle.requests({ limit: 10_000 });
  return requests.filter((request) => JSON.stringify(request).includes(channel)).length;
}

const messages = (channel: string) => ({
  scheme: 'github',
  secrets: [secret],
  user_id: 'ada',
  calls: [
    {
      for_each: 'commits',
      tool: 'post_message',
      arguments: `{"channel": "${channel}", "text": $item.message & " by " & $headers."x-github-delivery"}`,
    },
  ],
});

it('starts the mapped calls of a signed delivery once, however often it arrives', async () => {
  expect(await put('pushed', messages('once'))).toMatchObject({ status: 200, body: { published: true } });
  const id = newId();
  const body = { commits: [{ message: 'one' }, { message: 'two' }] };
  await waitFor(async () => (await deliver('pushed', body, { id })).status === 202, { what: 'the trigger' });
  for (let index = 0; index < 3; index += 1) expect((await deliver('pushed', body, { id })).status).toBe(202);
  const [delivery] = await ended('pushed', 1);
  expect(delivery).toMatchObject({ state: 'started', call_ids: [expect.any(String), expect.any(String)] });
  for (const callId of delivery?.call_ids ?? [])
    await waitFor(
      async () => (await ask(harness.mesh, 'GET', `/v1/calls/${callId}`)).body['state'] === 'SUCCEEDED',
      { what: 'the call of the delivery', timeoutMs: 60_000 },
    );
  expect(await messagesTo('once')).toBe(2);
  // The id is not signed: the same body under another id starts nothing, and a person sees it.
  expect((await deliver('pushed', body)).status).toBe(202);
  const [twin] = await ended('pushed', 2);
  expect(twin).toMatchObject({ state: 'skipped', reason: 'content_repeated' });
  expect(await messagesTo('once')).toBe(2);
}, 120_000);

it('answers every wrong request alike, and starts nothing', async () => {
  expect((await put('guarded', messages('never'))).status).toBe(200);
  const body = { commits: [{ message: 'x' }] };
  await waitFor(async () => (await deliver('guarded', body)).status === 202, { what: 'the trigger' });
  await ended('guarded', 1);
  const wrong = [
    await deliver('guarded', body, { key: 'another secret' }),
    await deliver('unknown_trigger', body),
    await deliver('guarded', body, { tenant: 'nobody' }),
    await deliver('%00', body),
    await deliver('Guarded', body),
  ];
  expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401, 400, 401]);
  expect(new Set(wrong.filter(({ status }) => status === 401).map(({ text }) => text)).size).toBe(1);
  expect(await deliveriesOf('guarded')).toHaveLength(1);
});

it('takes deliveries while its service is down, and starts their calls once after a kill', async () => {
  expect((await put('outage', messages('outage'))).status).toBe(200);
  await waitFor(async () => (await deliver('outage', { commits: [] })).status === 202, {
    what: 'the trigger',
  });
  await ended('outage', 1);
  await harness.mesh.kill('webhooks');
  const body = { commits: [{ message: 'during the outage' }] };
  const id = newId();
  expect((await deliver('outage', body, { id })).status).toBe(202);
  expect((await ask(harness.mesh, 'GET', '/v1/triggers')).status).toBe(503);
  await harness.mesh.start('webhooks');
  const [delivery] = await ended('outage', 2);
  expect(delivery).toMatchObject({ state: 'started' });
  await waitFor(async () => (await messagesTo('outage')) > 0, { what: 'the message', timeoutMs: 60_000 });
  // The gateway has another memory after a restart, and the record has the same.
  await harness.mesh.stop('gateway');
  await harness.mesh.start('gateway');
  expect((await deliver('outage', body, { id })).status).toBe(202);
  expect((await deliver('outage', { commits: [{ message: 'the last' }] })).status).toBe(202);
  await ended('outage', 3);
  await waitFor(async () => (await messagesTo('outage')) === 2, {
    what: 'the last message',
    timeoutMs: 60_000,
  });
}, 180_000);

it('shows a failed mapping, and replays it after its correction', async () => {
  const wrong = { ...messages('replayed'), calls: [{ tool: 'post_message', arguments: '{"channel": 7}' }] };
  expect((await put('corrected', wrong)).status).toBe(200);
  await waitFor(async () => (await deliver('corrected', { n: 1 })).status === 202, { what: 'the trigger' });
  const [failed] = await ended('corrected', 1);
  expect(failed).toMatchObject({ state: 'failed', reason: 'invalid_arguments', call_ids: [] });
  const right = [{ tool: 'post_message', arguments: '{"channel": "replayed", "text": $string(n)}' }];
  expect((await put('corrected', { ...messages('replayed'), calls: right })).status).toBe(200);
  const path = `/v1/triggers/corrected/deliveries/${failed?.id ?? ''}/replay`;
  expect(await ask(harness.mesh, 'POST', path)).toMatchObject({ status: 200, body: { replays: 1 } });
  expect(await ended('corrected', 1)).toMatchObject([{ state: 'started' }]);
  expect(await ask(harness.mesh, 'POST', path)).toMatchObject({
    status: 409,
    body: { code: 'trigger_conflict' },
  });
  await waitFor(async () => (await messagesTo('replayed')) === 1, { what: 'the message', timeoutMs: 60_000 });
}, 120_000);

it('fires a schedule', async () => {
  const schedule = { cron: '*/10 * * * * *', time_zone: 'Europe/Berlin', payload: { kind: 'tick' } };
  const calls = [
    {
      tool: 'post_message',
      arguments: '{"channel": "ticking", "text": kind & " " & planned_at & " " & $delivery_id}',
    },
  ];
  const answer = await put('ticking', { scheme: 'api_key', user_id: 'ada', calls, schedule });
  expect(answer).toMatchObject({ status: 200, body: { next_at: expect.any(String) as unknown } });
  expect(answer.body).not.toHaveProperty('url');
  await waitFor(async () => (await messagesTo('ticking')) > 0, { what: 'a tick', timeoutMs: 60_000 });
  const [delivery] = await deliveriesOf('ticking');
  expect(delivery).toMatchObject({ delivery_id: expect.stringMatching(/^schedule\/.*0\.000Z$/) as unknown });
  expect((await ask(harness.mesh, 'DELETE', '/v1/triggers/ticking')).status).toBe(204);
}, 120_000);

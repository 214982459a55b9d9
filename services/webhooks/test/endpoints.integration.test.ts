import { WebhookEndpointDisabled } from '@action-mesh/contracts/webhooks';
import { newId } from '@action-mesh/kernel';
import { decodeEvent, TopicFollower, type IncomingRecord } from '@action-mesh/messaging';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { EndpointStage } from './endpoint-stage.js';
import { isSignedWith, WebhookReceiver } from './webhook-receiver.js';

jest.setTimeout(120_000);

let stage: EndpointStage;
let receiver: WebhookReceiver;

beforeAll(async () => {
  stage = await EndpointStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(async () => {
  await stage.query('DELETE FROM webhooks.webhook_endpoint');
  await receiver[Symbol.asyncDispose]();
});

async function arrives(callId: string, count = 1, at = receiver): Promise<void> {
  await waitFor(() => at.about(callId).length >= count, { what: `${count} webhooks about ${callId}` });
}

async function statusIs(id: string, status: string): Promise<void> {
  await waitFor(async () => (await stage.ask('GET', `/webhook-endpoints/${id}`)).body['status'] === status, {
    what: `the status ${status}`,
  });
}

describe('an outcome', () => {
  it('reaches an endpoint signed, with every digit of its result', async () => {
    const { id, secret } = await stage.endpoint(receiver.url);
    const result = '{"id":12345678901234567890,"price":1.10}';
    const callId = await stage.publish({ result });
    await arrives(callId);
    const [webhook] = receiver.about(callId);
    if (webhook === undefined) throw new Error('no webhook');
    expect(webhook.body).toContain(`"result":${result}`);
    expect(JSON.parse(webhook.body)).toMatchObject({
      type: 'call.succeeded',
      data: { call_id: callId, user_id: 'ada', tool: { slug: 'slack_post' } },
    });
    expect(isSignedWith(secret, webhook)).toBe(true);
    await waitFor(async () => (await stage.deliveries(id))[0]?.['status'] === 'delivered', {
      what: 'the record',
    });
    expect(await stage.deliveries(id)).toMatchObject([
      { id: webhook.headers['webhook-id'], call_id: callId, attempts: 1, last_status_code: 204 },
    ]);
  });

  it('reaches the endpoints of its tenant whose filters select it, and each once', async () => {
    const all = await stage.endpoint(receiver.url);
    await stage.endpoint(`${receiver.url}/slack`, { tools: ['slack_*'], users: ['ada'] });
    await stage.endpoint(`${receiver.url}/failed`, { statuses: ['failed', 'dead'], runs: ['run-1'] });
    await stage.endpoint(`${receiver.url}/bot`, { agents: ['bot'] });
    await stage.endpoint(`${receiver.url}/theirs`, {}, 'globex');
    await stage.endpoint(`${receiver.url}/lead`, { triggers: ['new_lead'] });
    const first = await stage.publish();
    const failed = await stage.publish({ status: 'failed', tool: 'crm_find', agentId: 'bot' });
    const theirs = await stage.publish({ tenantId: 'globex', userId: 'eve' });
    // Kafka may deliver a record twice.
    await stage.publish({ callId: first });
    await stage.publish({ callId: first, seq: 2, status: 'failed', userId: 'bob' });
    await waitFor(() => receiver.received.length >= 8, { what: 'eight webhooks' });
    const lead = await stage.publish({ runId: 'trigger/new_lead/0a1b', userId: 'bob' });
    const other = await stage.publish({ runId: 'trigger/new_lead_2/0a1b', userId: 'bob' });
    await arrives(lead, 2);
    await arrives(other);
    const last = await stage.publish({ runId: 'run-2' });
    await arrives(last, 2);
    const pathsOf = (callId: string) =>
      receiver
        .about(callId)
        .map(({ path }) => path)
        .sort();
    expect(pathsOf(first)).toEqual(['/hook', '/hook', '/hook/failed', '/hook/slack']);
    expect(pathsOf(failed)).toEqual(['/hook', '/hook/bot', '/hook/failed']);
    expect(pathsOf(theirs)).toEqual(['/hook/theirs']);
    expect(pathsOf(last)).toEqual(['/hook', '/hook/slack']);
    expect(pathsOf(lead)).toEqual(['/hook', '/hook/lead']);
    expect(pathsOf(other)).toEqual(['/hook']);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(13);
    expect(await stage.deliveries(all.id)).toHaveLength(6);
  });

  it('from before the endpoint is not reported', async () => {
    const before = await stage.publish();
    await stage.endpoint(receiver.url);
    const after = await stage.publish();
    await arrives(after);
    expect(receiver.about(before)).toEqual([]);
  });
});

describe('a failed delivery', () => {
  it('is repeated with the same id until it arrives', async () => {
    const { id } = await stage.endpoint(receiver.url);
    receiver.answer = 503;
    const callId = await stage.publish();
    await arrives(callId);
    await waitFor(async () => (await stage.deliveries(id))[0]?.['last_status_code'] === 503, {
      what: 'a wait',
    });
    const [waiting] = await stage.deliveries(id, '?status=pending');
    const waitMs =
      Date.parse(String(waiting?.['next_attempt_at'])) - Date.parse(String(waiting?.['last_attempt_at']));
    expect(waitMs).toBeGreaterThan(4_000);
    expect(waitMs).toBeLessThan(29_000);
    const failing = (await stage.ask('GET', `/webhook-endpoints/${id}`)).body;
    expect(failing).toMatchObject({ status: 'enabled', last_failure: 'the answer has the status 503' });
    expect(failing).toHaveProperty('failing_since');
    receiver.answer = 200;
    await stage.passTime();
    await arrives(callId, 2);
    await waitFor(async () => (await stage.deliveries(id))[0]?.['status'] === 'delivered', {
      what: 'the end',
    });
    const ids = receiver.about(callId).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    expect((await stage.ask('GET', `/webhook-endpoints/${id}`)).body).not.toHaveProperty('failing_since');
  });

  it('of an instance that stopped is made by the next one (WH2)', async () => {
    await stage.endpoint(receiver.url);
    receiver.answer = 'hang';
    const callId = await stage.publish();
    await arrives(callId);
    await stage.restart();
    receiver.answer = 204;
    await stage.passTime();
    await arrives(callId, 2);
    const [first, second] = receiver.about(callId);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('that is answered after its claim settles nothing (WH2)', async () => {
    const { id } = await stage.endpoint(receiver.url);
    receiver.answer = 'hang';
    const callId = await stage.publish();
    await arrives(callId);
    await stage.passTime();
    await arrives(callId, 2);
    receiver.release(410);
    const next = await stage.publish();
    await arrives(next);
    receiver.release(204);
    await waitFor(async () => (await stage.deliveries(id)).some(({ status }) => status === 'delivered'), {
      what: 'the end of the second attempt',
    });
    receiver.release(204);
    const delivered = (await stage.deliveries(id, `?call_id=${callId}`))[0];
    expect(delivered).toMatchObject({ status: 'delivered', attempts: 2, last_status_code: 204 });
    expect((await stage.ask('GET', `/webhook-endpoints/${id}`)).body).toMatchObject({ status: 'enabled' });
  });

  it('follows no redirect', async () => {
    const { id } = await stage.endpoint(receiver.url);
    receiver.answer = 307;
    receiver.answerHeaders = { location: `${receiver.url}/elsewhere` };
    const callId = await stage.publish();
    await waitFor(async () => (await stage.deliveries(id))[0]?.['last_status_code'] === 307, {
      what: 'the answer',
    });
    expect(receiver.about(callId).map(({ path }) => path)).toEqual(['/hook']);
  });

  it('delays no other endpoint, however slow its own one is (WH1)', async () => {
    await using slow = await WebhookReceiver.start();
    slow.answer = 'hang';
    await stage.endpoint(slow.url);
    await stage.endpoint(receiver.url);
    const startedAt = performance.now();
    const calls = await Promise.all(Array.from({ length: 100 }, () => stage.publish()));
    await waitFor(() => receiver.received.length >= calls.length, {
      what: 'all webhooks of the fast endpoint',
    });
    // An attempt at the slow endpoint takes 15 s.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(slow.received.length).toBeLessThanOrEqual(8);
  });
});

describe('an endpoint', () => {
  it('that is gone is disabled at once, with an event, while others go on (WH4)', async () => {
    const records: IncomingRecord[] = [];
    await using events = new TopicFollower({
      client: stage.harness.config().kafka,
      topic: WebhookEndpointDisabled.topic,
      onRecord: (record) => records.push(record) > 0,
      onError: () => undefined,
    });
    await events.start();
    await using other = await WebhookReceiver.start();
    const { id } = await stage.endpoint(receiver.url);
    await stage.endpoint(other.url);
    receiver.answer = 410;
    const callId = await stage.publish();
    await statusIs(id, 'disabled');
    await arrives(callId, 1, other);
    await waitFor(() => records.length > 0, { what: 'the event' });
    const [record] = records;
    if (record === undefined) throw new Error('no event');
    const { data } = decodeEvent(WebhookEndpointDisabled, record);
    expect(data).toMatchObject({ endpoint_id: id, tenant_id: 'acme', reason: 'gone' });
    receiver.answer = 204;
    const missed = await stage.publish();
    await arrives(missed, 1, other);
    await waitFor(async () => (await stage.deliveries(id, '?status=skipped')).length === 1, {
      what: 'a skip',
    });
    expect((await stage.ask('POST', `/webhook-endpoints/${id}/enable`)).body).toMatchObject({
      status: 'enabled',
    });
    const from = new Date(Date.now() - 60_000).toISOString();
    const again = await stage.ask('POST', `/webhook-endpoints/${id}/redeliver`, { from });
    expect(again.body).toEqual({ redelivered: 2, has_more: false });
    await arrives(missed);
    await arrives(callId, 2);
  });

  it('that failed for days is disabled, and skips what waits for it (WH4)', async () => {
    const { id } = await stage.endpoint(receiver.url);
    receiver.answer = 500;
    const callId = await stage.publish();
    await arrives(callId);
    await waitFor(async () => (await stage.deliveries(id))[0]?.['last_status_code'] === 500, {
      what: 'a failure',
    });
    await stage.query(
      `UPDATE webhooks.webhook_endpoint SET failing_since = now() - interval '5 days' WHERE id = $1`,
      [id],
    );
    await stage.passTime();
    await statusIs(id, 'disabled');
    expect((await stage.ask('GET', `/webhook-endpoints/${id}`)).body).toMatchObject({
      disabled: { reason: 'failing' },
    });
    expect(await stage.deliveries(id, '?status=pending')).toEqual([]);
  });

  it('is tested on request, also while it is disabled (WH5)', async () => {
    const { id, secret } = await stage.endpoint(receiver.url);
    await stage.query('UPDATE webhooks.webhook_endpoint SET disabled_at = now() WHERE id = $1', [id]);
    const good = await stage.ask('POST', `/webhook-endpoints/${id}/test`);
    expect(good).toMatchObject({
      status: 200,
      body: { type: 'webhook.test', status: 'delivered', attempts: 1 },
    });
    const [webhook] = receiver.received;
    expect(webhook !== undefined && isSignedWith(secret, webhook)).toBe(true);
    receiver.answer = 500;
    const bad = await stage.ask('POST', `/webhook-endpoints/${id}/test`);
    expect(bad.body).toMatchObject({ status: 'failed', last_error: 'the answer has the status 500' });
    expect((await stage.ask('GET', `/webhook-endpoints/${id}`)).body).not.toHaveProperty('failing_since');
  });

  it('takes a new secret with an overlap, and shows each secret once', async () => {
    const { id, secret } = await stage.endpoint(receiver.url);
    const rotated = await stage.ask('POST', `/webhook-endpoints/${id}/rotate-secret`, {});
    const next = String(rotated.body['secret']);
    await stage.ask('POST', `/webhook-endpoints/${id}/test`);
    const [during] = receiver.received;
    expect([secret, next].map((each) => during !== undefined && isSignedWith(each, during))).toEqual([
      true,
      true,
    ]);
    await stage.query(
      `UPDATE webhooks.webhook_endpoint SET former_until = now() - interval '1 second' WHERE id = $1`,
      [id],
    );
    await stage.ask('POST', `/webhook-endpoints/${id}/test`);
    const after = receiver.received[1];
    expect([secret, next].map((each) => after !== undefined && isSignedWith(each, after))).toEqual([
      false,
      true,
    ]);
    const shown = await stage.ask('GET', `/webhook-endpoints/${id}`);
    const rows = await stage.query('SELECT * FROM webhooks.webhook_endpoint');
    const everything = JSON.stringify([
      shown,
      await stage.ask('GET', '/webhook-endpoints'),
      await stage.deliveries(id),
      rows.map((row) =>
        Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : value)),
      ),
    ]);
    for (const each of [secret, next]) expect(everything).not.toContain(each.slice('whsec_'.length));
  });

  it('changes its filter, and forgets its deliveries with its removal', async () => {
    const { id } = await stage.endpoint(receiver.url);
    const first = await stage.publish();
    await arrives(first);
    await stage.ask('PUT', `/webhook-endpoints/${id}`, {
      url: `${receiver.url}/new`,
      filter: { users: ['bob'] },
    });
    const other = await stage.publish();
    const bob = await stage.publish({ userId: 'bob' });
    await arrives(bob);
    expect(receiver.about(other)).toEqual([]);
    expect(receiver.about(bob)[0]?.path).toBe('/hook/new');
    expect((await stage.ask('DELETE', `/webhook-endpoints/${id}`)).status).toBe(204);
    expect((await stage.ask('GET', `/webhook-endpoints/${id}/deliveries`)).status).toBe(404);
    expect(await stage.query('SELECT FROM webhooks.webhook_delivery')).toEqual([]);
  });

  it('is sent one delivery again on request, with its id', async () => {
    const { id } = await stage.endpoint(receiver.url);
    const callId = await stage.publish();
    await arrives(callId);
    await waitFor(async () => (await stage.deliveries(id))[0]?.['status'] === 'delivered', {
      what: 'the record',
    });
    const [delivery] = await stage.deliveries(id);
    const again = await stage.ask('POST', `/webhook-deliveries/${String(delivery?.['id'])}/redeliver`);
    expect(again).toMatchObject({ status: 200, body: { status: 'pending' } });
    await arrives(callId, 2);
    const ids = receiver.about(callId).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('is known to its tenant and to keys with the scope alone', async () => {
    const { id } = await stage.endpoint(receiver.url);
    const body = { url: receiver.url };
    for (const [method, path, sent] of [
      ['GET', `/webhook-endpoints/${id}`],
      ['PUT', `/webhook-endpoints/${id}`, body],
      ['POST', `/webhook-endpoints/${id}/test`],
      ['POST', `/webhook-endpoints/${id}/rotate-secret`, {}],
      ['POST', `/webhook-endpoints/${id}/enable`],
      ['POST', `/webhook-endpoints/${id}/redeliver`, { from: new Date().toISOString() }],
      ['GET', `/webhook-endpoints/${id}/deliveries`],
      ['DELETE', `/webhook-endpoints/${id}`],
      ['POST', `/webhook-deliveries/${newId()}/redeliver`],
    ] as const) {
      expect((await stage.ask(method, path, sent, 'globex')).status).toBe(404);
      expect((await stage.ask(method, path, sent, 'acme', false)).status).toBe(403);
    }
    expect((await stage.ask('GET', '/webhook-endpoints', undefined, 'globex')).body).toEqual({
      endpoints: [],
    });
    expect(receiver.received).toEqual([]);
    const inner = await stage.ask('POST', '/webhook-endpoints', { url: 'http://169.254.169.254/' });
    expect(inner).toMatchObject({ status: 422, body: { problems: [{ pointer: '/url' }] } });
  });

  it('is refused beyond the fiftieth of a tenant', async () => {
    await stage.query(
      `INSERT INTO webhooks.webhook_endpoint (id, tenant_id, url, secret, created_by)
       SELECT gen_random_uuid(), 'acme', 'https://example.com', '', 'ada' FROM generate_series(1, 49)`,
    );
    const answers = await Promise.all(
      [1, 2, 3].map(() => stage.ask('POST', '/webhook-endpoints', { url: receiver.url })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

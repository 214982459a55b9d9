import { topics } from '@action-mesh/contracts';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import { readKeyText } from '@action-mesh/identity';
import { sampleKey, SampleIssuer, sampleSwitch, sampleTenant } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import type { RunningService } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { freePort } from './free-port.js';
import { callTopics, GatewayHarness } from './gateway-harness.js';
import { HttpClient, type HttpAnswer } from './http-client.js';
import { sampleTool } from './sample-tool.js';

jest.setTimeout(120_000);

const execute = '/v1/tools/crm_update_contact/execute';
let harness: GatewayHarness;
let gateway: RunningService;
let issuer: SampleIssuer;

beforeAll(async () => {
  harness = await GatewayHarness.start();
  issuer = await SampleIssuer.of('acme');
  await harness.publishTool(sampleTool({ slug: 'crm_delete_contact', toolkit: 'danger' }));
  await harness.publishIdentity(sampleTenant('acme', { issuers: [issuer.identity] }));
  await harness.publishIdentity(sampleTenant('globex'));
  gateway = await harness.startGateway();
});

afterAll(async () => {
  await gateway.close();
  await harness[Symbol.asyncDispose]();
});

const call = (changes: object = {}): Record<string, unknown> => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  arguments: { email: 'ada@example.com', company: 'succeed' },
  ...changes,
});
const tool = { slug: 'crm_update_contact' };

/** A client with a new key that the gateway knows. */
async function clientWith(...key: Parameters<GatewayHarness['makeKey']>): Promise<HttpClient> {
  const client = new HttpClient(gateway.url, await harness.makeKey(...key));
  await waitFor(async () => (await client.get('/v1/me')).status !== 401, { what: 'the key to be known' });
  return client;
}

function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(answer.body['fix']).toEqual(expect.any(String));
}

async function accepted(callId: unknown): Promise<Record<string, unknown>> {
  const seen = await harness.seen(callTopics);
  return waitFor(() => seen.find(({ value }) => value['call_id'] === callId)?.value, {
    what: 'the call on the log',
  });
}

describe('a key', () => {
  it('gives its calls their tenant and its own id, whatever the request says', async () => {
    const [acme, globex] = [await clientWith('acme'), await clientWith('globex')];
    const callId = newId();
    for (const client of [acme, globex]) {
      const answer = await client.post(execute, call({ call_id: callId }), {
        headers: { 'x-mesh-tenant': 'default' },
      });
      expect([answer.status, answer.body['status']]).toEqual([200, 'succeeded']);
    }
    const seen = await harness.seen(callTopics);
    const ours = await waitFor(
      () => {
        const found = seen.filter(({ value }) => value['call_id'] === callId);
        return found.length === 2 ? found : undefined;
      },
      { what: 'both calls' },
    );
    const calls = ours.map(({ value }) => CallAccepted.schema.parse(value));
    expect(calls.map(({ tenant_id }) => tenant_id).sort()).toEqual(['acme', 'globex']);
    const me = await acme.get('/v1/me');
    expect(calls.find(({ tenant_id }) => tenant_id === 'acme')?.key_id).toBe(me.body['key_id']);
  });

  it('is refused within two seconds of its revocation, and calls under way go on', async () => {
    const { key, identity } = sampleKey('acme');
    await harness.publishIdentity(identity);
    const client = new HttpClient(gateway.url, key);
    await waitFor(async () => (await client.get('/v1/calls?limit=501')).status === 422, {
      what: 'the key to be known',
    });
    const callId = newId();
    const waiting = client.post(
      execute,
      call({ call_id: callId, arguments: { email: 'a', company: 'never' } }),
    );
    const written = await accepted(callId);
    const startedAt = performance.now();
    await harness.withdrawIdentity(identity);
    const refused = await waitFor(
      async () => {
        const answer = await client.get('/v1/calls?limit=501');
        return answer.status === 401 ? answer : undefined;
      },
      { what: 'the refusal', intervalMs: 5 },
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expectProblem(refused, 401, 'unauthorized');
    await harness.answer(written, 'succeed');
    expect((await waiting).body['status']).toBe('succeeded');
  });
});

describe('a gateway that does not know the keys yet', () => {
  it('lets nobody in, and is not ready (D1)', async () => {
    const port = await freePort();
    const stop = new AbortController();
    const starting = harness.startGateway(
      { KAFKA_TOPIC_PREFIX: 'without-topics-', PORT: String(port) },
      stop.signal,
    );
    starting.catch(() => undefined);
    const client = new HttpClient(`http://127.0.0.1:${port}`);
    const answer = await waitFor(() => client.get('/v1/me').catch(() => undefined), { what: 'an answer' });
    expectProblem(answer, 503, 'mesh_unavailable');
    const ready = await client.get('/health/ready');
    expect(JSON.stringify(ready.body)).toContain('the keys are not known');
    stop.abort(new Error('the test is over'));
    await expect(starting).rejects.toThrow('the test is over');
  });
});

describe('a key that is bound to users', () => {
  it('calls for them alone, one by one and in batches', async () => {
    const client = await clientWith('acme', { users: ['u1', 'u2'] });
    expect((await client.post(execute, call())).status).toBe(200);
    expectProblem(await client.post(execute, call({ user_id: 'u3' })), 403, 'user_not_allowed');
    const batch = await client.post('/v1/calls', [call({ tool }), call({ tool, user_id: 'u3' })]);
    expect(batch.body).toMatchObject([
      { status: 'accepted' },
      { problem: { code: 'user_not_allowed', status: 403 } },
    ]);
  });

  it('finds its calls alone, before the ledger has them and afterwards', async () => {
    const [wide, bound] = [await clientWith('acme'), await clientWith('acme', { users: ['u1'] })];
    const [ours, theirs] = [newId(), newId()];
    const never = { tool, arguments: { email: 'a', company: 'never' } };
    await wide.post('/v1/calls', call({ ...never, call_id: ours }));
    await wide.post('/v1/calls', call({ ...never, call_id: theirs, user_id: 'u9' }));
    expect((await bound.get(`/v1/calls/${ours}`)).status).toBe(200);
    expectProblem(await bound.get(`/v1/calls/${theirs}`), 404, 'call_not_found');
    expect((await wide.get(`/v1/calls/${theirs}`)).status).toBe(200);
  });
});

describe('a key with a list of tools', () => {
  it('calls and sees those tools alone, by every way', async () => {
    const client = await clientWith('acme', { tools: ['crm/*'] });
    expect((await client.post(execute, call())).status).toBe(200);
    const hidden = await client.post('/v1/tools/crm_delete_contact/execute', call());
    const unknown = await client.post('/v1/tools/zzzzzzzzzzzzzzz/execute', call());
    expectProblem(hidden, 404, 'tool_not_found');
    expect(hidden.body).toEqual(unknown.body);
    const through = await client.post('/v1/tools/execute_tool/execute', {
      ...call(),
      arguments: { tool: 'crm_delete_contact', arguments: { email: 'a' } },
    });
    expectProblem(through, 404, 'tool_not_found');
    const batch = await client.post('/v1/calls', [call({ tool: { slug: 'crm_delete_contact' } })]);
    expect(batch.body).toMatchObject([{ problem: { code: 'tool_not_found' } }]);
    expect((await client.get('/v1/tools/crm_delete_contact')).status).toBe(404);
    const { body } = await client.get('/v1/tools');
    expect((body['tools'] as { slug: string }[]).map(({ slug }) => slug)).toEqual(['crm_update_contact']);
    expectProblem(await client.get('/v1/toolkits'), 403, 'key_limited');
  });
});

describe('a user token', () => {
  it('calls for its user alone, within the scopes of users', async () => {
    const client = new HttpClient(gateway.url, await issuer.token('u1'));
    const answer = await client.post(execute, call());
    expect([answer.status, answer.body['status']]).toEqual([200, 'succeeded']);
    const written = await accepted(answer.body['call_id']);
    expect(written).toMatchObject({ tenant_id: 'acme', user_id: 'u1' });
    expect(written).not.toHaveProperty('key_id');
    expectProblem(await client.post(execute, call({ user_id: 'u2' })), 403, 'user_not_allowed');
    expectProblem(await client.get('/v1/keys'), 403, 'scope_missing');
    expect((await client.get('/v1/me')).body).toMatchObject({ tenant: 'acme', holder: 'u1', users: ['u1'] });
  });

  it('is refused when it was changed, or signed by a key that the tenant withdrew', async () => {
    const token = await issuer.token('u1');
    const [head, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'root' })).toString('base64url');
    expect((await new HttpClient(gateway.url, `${head}.${forged}.${signature}`).get('/v1/me')).status).toBe(
      401,
    );
    const client = new HttpClient(gateway.url, token);
    expect((await client.get('/v1/me')).status).toBe(200);
    await harness.publishIdentity(sampleTenant('acme'));
    await waitFor(async () => (await client.get('/v1/me')).status === 401, { what: 'the refusal' });
    await harness.publishIdentity(sampleTenant('acme', { issuers: [issuer.identity] }));
    await waitFor(async () => (await client.get('/v1/me')).status === 200, { what: 'the issuer again' });
  });
});

describe('a kill switch', () => {
  it('refuses new calls of its target within two seconds, and lifting it lets them in again', async () => {
    const client = await clientWith('acme');
    const on = sampleSwitch(
      { type: 'user', value: 'u7' },
      { id: newId(), tenant_id: 'acme', reason: 'leaked' },
    );
    const startedAt = performance.now();
    await harness.publishIdentity(on);
    const refused = await waitFor(
      async () => {
        const answer = await client.post('/v1/calls', call({ tool, user_id: 'u7' }));
        return answer.status === 423 ? answer : undefined;
      },
      { what: 'the refusal', intervalMs: 5 },
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expectProblem(refused, 423, 'switched_off');
    expect(refused.body).toMatchObject({
      switch_id: on.id,
      detail: expect.stringContaining('leaked') as string,
    });
    expect((await client.post('/v1/calls', call({ tool }))).status).toBe(202);
    const globex = await clientWith('globex');
    expect((await globex.post('/v1/calls', call({ tool, user_id: 'u7' }))).status).toBe(202);
    const batch = await client.post('/v1/calls', [call({ tool, user_id: 'u7' }), call({ tool })]);
    expect(batch.body).toMatchObject([
      { problem: { code: 'switched_off', switch_id: on.id } },
      { status: 'accepted' },
    ]);
    await harness.withdrawIdentity(on);
    await waitFor(
      async () => (await client.post('/v1/calls', call({ tool, user_id: 'u7' }))).status === 202,
      {
        what: 'the switch to be lifted',
        timeoutMs: 2_000,
      },
    );
  });
});

describe('a quota', () => {
  it('of calls refuses the next call with the time when it fits', async () => {
    const client = await clientWith('acme', { quota: { calls: { per_second: 0.1, burst: 2 } } });
    const batch = await client.post('/v1/calls', [call({ tool }), call({ tool }), call({ tool })]);
    expect(batch.body).toMatchObject([
      { status: 'accepted' },
      { status: 'accepted' },
      { problem: { code: 'quota_spent', status: 429 } },
    ]);
    const refused = await client.post(execute, call());
    expectProblem(refused, 429, 'quota_spent');
    expect(refused.headers.get('ratelimit-limit')).toBe('2');
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('ratelimit-reset'))).toBeGreaterThan(5);
    expect(refused.headers.get('retry-after')).toBe(refused.headers.get('ratelimit-reset'));
    expect((await client.get('/v1/me')).status).toBe(200);
    expect((await (await clientWith('acme')).post(execute, call())).status).toBe(200);
  });

  it('of requests refuses every route, and one tenant does not spend that of another', async () => {
    await harness.publishIdentity(sampleTenant('initech', { quota: { requests: { per_day: 3 } } }));
    const [first, second] = [await harness.makeKey('initech'), await harness.makeKey('initech')].map(
      (key) => new HttpClient(gateway.url, key),
    );
    const statuses: number[] = [];
    await waitFor(
      async () => {
        const answer = await first?.get('/v1/tools');
        if (answer !== undefined && answer.status !== 401) statuses.push(answer.status);
        return answer?.status === 429;
      },
      { what: 'the quota to be spent' },
    );
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await second?.get('/v1/me'))?.body).toMatchObject({ code: 'quota_spent' });
    expect((await (await clientWith('globex')).get('/v1/tools')).status).toBe(200);
  });
});

describe('secrets', () => {
  it('reach no topic of the mesh', async () => {
    const key = await harness.makeKey('acme');
    const client = new HttpClient(gateway.url, key);
    await waitFor(async () => (await client.post(execute, call())).status === 200, { what: 'a call' });
    await client.post('/v1/hooks/new_lead_created', { a: 1 });
    const secret = key.slice(key.lastIndexOf('_') + 1);
    expect(readKeyText(key)?.use).toBe('api');
    const names = Object.values(topics).map(({ name }) => name);
    const seen = await harness.seen(names);
    await waitFor(() => seen.length > 5, { what: 'records' });
    expect(JSON.stringify(seen)).not.toContain(secret);
  });
});

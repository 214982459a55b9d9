import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { newTenantKey } from '../src/index.js';
import { callOf, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

/** The keys of two tenants at one gateway. */
const keys = { default: '', globex: '' };
type Tenant = keyof typeof keys;

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
  keys.default = await newTenantKey(harness.mesh, 'default');
  keys.globex = await newTenantKey(harness.mesh, 'globex');
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

async function as(tenant: Tenant, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${harness.mesh.gatewayUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${keys[tenant]}`,
      'content-type': 'application/json',
      // The mesh ignores a caller's own claim of a tenant.
      'x-mesh-tenant': 'globex',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

const run = (tenant: Tenant, tool: string, args: object, more: object = {}): Promise<Answer> =>
  as(tenant, 'POST', `/v1/tools/${tool}/execute`, { ...callOf(args, newId()), ...more });

describe('two tenants on one mesh', () => {
  it('have calls, dead letters and sagas of their own', async () => {
    await harness.oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
    const dead = await run(
      'globex',
      'put_contact',
      { email: 'eve@globex.example', name: 'Eve' },
      { user_id: 'eve' },
    );
    await harness.oracle.reset();
    expect(dead.body).toMatchObject({ status: 'dead' });
    const callId = String(dead.body['call_id']);
    const done = await run('globex', 'read_item', { id: 'g' }, { user_id: 'eve', saga_id: 'their-saga' });
    expect(done.body).toMatchObject({ status: 'succeeded' });

    for (const path of ['/v1/calls', '/v1/waiting', '/v1/dead-letters']) {
      const { status, text } = await as('default', 'GET', path);
      expect([status, text.includes('eve')]).toEqual([200, false]);
    }
    expect((await as('globex', 'GET', '/v1/dead-letters')).text).toContain(callId);
    const verdict = { verdict: 'give_up' };
    const attempts: [string, string, unknown?][] = [
      ['GET', `/v1/calls/${callId}`],
      ['GET', `/v1/dead-letters/${callId}`],
      ['POST', `/v1/calls/${callId}/cancel`, {}],
      ['POST', `/v1/calls/${callId}/resolve`, verdict],
      ['POST', `/v1/calls/${callId}/reschedule`, { not_before: '2030-01-01T00:00:00Z' }],
      ['POST', `/v1/calls/${String(done.body['call_id'])}/compensate`, {}],
      ['POST', `/v1/dead-letters/${callId}/correct`, { arguments: {} }],
    ];
    for (const [method, path, body] of attempts) {
      expect([path, (await as('default', method, path, body)).status]).toEqual([path, 404]);
    }
    const redriven = await as('default', 'POST', '/v1/dead-letters/redrive', {
      redrive_id: newId(),
      call_ids: [callId],
    });
    expect(redriven.body).toMatchObject({ redriven: { count: 0, call_ids: [] } });
    expect((await as('default', 'POST', '/v1/sagas/their-saga/compensate', {})).body).toMatchObject({
      calls: [],
    });
    expect((await as('globex', 'GET', `/v1/calls/${callId}`)).body).toMatchObject({ state: 'DEAD' });
  }, 60_000);

  it('may use one call id, and each has its own call under it', async () => {
    const call_id = newId();
    const ours = await run('default', 'read_item', { id: 'ours' }, { call_id });
    const theirs = await run('globex', 'read_item', { id: 'theirs' }, { call_id });
    expect([ours.body['status'], theirs.body['status']]).toEqual(['succeeded', 'succeeded']);
    expect((await as('default', 'GET', `/v1/calls/${call_id}`)).body).toMatchObject({
      arguments: { id: 'ours' },
    });
    expect((await as('globex', 'GET', `/v1/calls/${call_id}`)).body).toMatchObject({
      arguments: { id: 'theirs' },
    });
  }, 60_000);

  it("set limits only for themselves, and do not see the other's limits", async () => {
    const policy = {
      id: 'reads',
      match: { tool: 'read_item' },
      per: 'tool',
      limit: 1,
      window: '1d',
      burst: 1,
    };
    expect((await as('globex', 'PUT', '/v1/limits/reads', policy)).body).toMatchObject({
      policy: { match: { tool: 'read_item', tenant: 'globex' } },
    });
    expect((await as('default', 'GET', '/v1/limits')).text).not.toContain('globex');
    expect((await as('default', 'DELETE', '/v1/limits/reads')).status).toBe(404);
    const foreign = { ...policy, id: 'x', match: { tenant: 'globex' } };
    expect((await as('default', 'PUT', '/v1/limits/x', foreign)).status).toBe(422);
    await waitFor(async () => (await as('globex', 'GET', '/v1/limits')).text.includes('"published":true'), {
      timeoutMs: 10_000,
      what: 'the limit to be published',
    });
    await waitFor(
      async () => {
        const { body } = await run('globex', 'read_item', { id: newId() }, { deadline: inTwoSeconds() });
        return body['status'] !== 'succeeded';
      },
      { timeoutMs: 20_000, what: 'the limit to hold for its tenant' },
    );
    for (let n = 0; n < 5; n += 1) {
      expect((await run('default', 'read_item', { id: newId() })).body).toMatchObject({
        status: 'succeeded',
      });
    }
    expect((await as('globex', 'DELETE', '/v1/limits/reads')).status).toBe(204);
  }, 60_000);

  it('see breakers and blocks of their own users only', async () => {
    await harness.oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
    await run('globex', 'put_contact', { email: newId(), name: 'Eve' }, { user_id: 'eve' });
    await harness.oracle.reset();
    const theirs = await as('globex', 'GET', '/v1/breakers');
    expect(theirs.body).toMatchObject({ breakers: [{ credential: 'globex/eve/sim' }] });
    const ours = await as('default', 'GET', '/v1/breakers');
    expect(ours.body).toMatchObject({ blocked: [], breakers: [] });
    expect(ours.text).not.toMatch(/globex|eve/);
    expect(Object.keys(ours.body).sort()).toEqual(['blocked', 'breakers', 'mode']);
  }, 60_000);
});

function inTwoSeconds(): string {
  return new Date(Date.now() + 2_000).toISOString();
}

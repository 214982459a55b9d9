import type { RunningService } from '@action-mesh/platform';
import { newId } from '@action-mesh/kernel';
import { jest } from '@jest/globals';
import pg from 'pg';

import { askBroker, BrokerHarness, platformCaller, roleOf } from './broker-harness.js';

jest.setTimeout(120_000);

const acme = roleOf('owner', 'acme');
const globex = roleOf('owner', 'globex');
const canary = 'canary-credential-51d2';

let harness: BrokerHarness;
let broker: RunningService;

beforeAll(async () => {
  harness = await BrokerHarness.start();
  broker = await harness.broker();
  for (const tenant of ['acme', 'globex'])
    await askBroker(broker, platformCaller, 'PUT', `/tenants/${tenant}`, {});
});

afterAll(async () => {
  await broker.close();
  await harness[Symbol.asyncDispose]();
});

/** A connection with an unreadable credential that no answer may show. */
async function connect(tenant: string, user: string, more: { state?: string; isDefault?: boolean } = {}) {
  const id = newId();
  const client = new pg.Client({ connectionString: harness.database.url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO auth_broker.connection
       (id, tenant_id, user_id, integration, provider, state, reason, is_default, account_id, account_name, scopes, version,
        seq, credential, created_at, consented_at, updated_at)
     VALUES ($1::uuid, $2, $3, 'github', 'github', $4, $5, $6, $1::text, 'octocat', '{repo}', 1, 1, $7, now(), now(), now())`,
      [
        id,
        tenant,
        user,
        more.state ?? 'active',
        more.state === 'needs_reauth' ? 'refused' : null,
        more.isDefault ?? false,
        Buffer.from(canary),
      ],
    );
  } finally {
    await client.end();
  }
  return id;
}

const idsOf = (body: Record<string, unknown>): string[] =>
  (body['connections'] as { connection_id: string }[]).map((each) => each.connection_id);

describe('the connections of a tenant', () => {
  it('are listed in pages, by user and integration, without credentials', async () => {
    const ids = [await connect('acme', 'ada', { isDefault: true }), await connect('acme', 'ada')];
    const bob = await connect('acme', 'bob');
    await connect('acme', 'ada', { state: 'revoked' });
    const all = await askBroker(broker, acme, 'GET', '/connections?user_id=ada&integration=github');
    expect(idsOf(all.body)).toEqual(ids);
    const first = await askBroker(broker, acme, 'GET', '/connections?user_id=ada&limit=1');
    expect(idsOf(first.body)).toEqual(ids.slice(0, 1));
    const rest = await askBroker(
      broker,
      acme,
      'GET',
      `/connections?user_id=ada&limit=1&cursor=${String(first.body['cursor'])}`,
    );
    expect(idsOf(rest.body)).toEqual(ids.slice(1));
    expect(rest.body).not.toHaveProperty('cursor');
    expect(idsOf((await askBroker(broker, acme, 'GET', '/connections?user_id=bob')).body)).toEqual([bob]);
    expect((await askBroker(broker, acme, 'GET', '/connections?limit=0')).status).toBe(422);
    expect((await askBroker(broker, acme, 'GET', '/connections?cursor=x')).status).toBe(422);
    expect(JSON.stringify([all, first, rest])).not.toContain('canary');
  });

  it('are unknown to every other tenant', async () => {
    const id = await connect('acme', 'carol');
    expect((await askBroker(broker, globex, 'GET', '/connections?user_id=carol')).body).toEqual({
      connections: [],
    });
    for (const [method, path] of [
      ['GET', `/connections/${id}`],
      ['POST', `/connections/${id}/default`],
      ['DELETE', `/connections/${id}`],
      ['GET', '/connections/not-an-id'],
    ] as const)
      expect(await askBroker(broker, globex, method, path)).toMatchObject({
        status: 404,
        body: { code: 'AUTH_BROKER_UNKNOWN' },
      });
    expect((await askBroker(broker, acme, 'GET', `/connections/${id}`)).body).toMatchObject({
      state: 'active',
      is_default: false,
      user_id: 'carol',
      account: { name: 'octocat' },
    });
    expect((await askBroker(broker, globex, 'GET', '/connections/usable?user_id=carol')).body).toEqual({
      connections: [],
    });
  });

  it('change their default, and the newest is never one by itself', async () => {
    const [first, second] = [
      await connect('acme', 'dora', { isDefault: true }),
      await connect('acme', 'dora'),
    ];
    const usable = await askBroker(broker, acme, 'GET', '/connections/usable?user_id=dora');
    expect(usable.body).toMatchObject({ connections: [{ integration: 'github' }] });
    expect((usable.body['connections'] as { scopes: string[] }[])[0]?.scopes).toContain('repo');
    const changed = await askBroker(broker, acme, 'POST', `/connections/${second}/default`);
    expect(changed).toMatchObject({ status: 200, body: { connection_id: second, is_default: true } });
    expect((await askBroker(broker, acme, 'GET', `/connections/${first}`)).body).toMatchObject({
      is_default: false,
    });
  });

  it('end at once for calls, and stay visible until their provider has revoked them', async () => {
    const id = await connect('acme', 'emil', { isDefault: true });
    expect((await askBroker(broker, acme, 'DELETE', `/connections/${id}`)).status).toBe(204);
    expect((await askBroker(broker, acme, 'GET', '/connections/usable?user_id=emil')).body).toEqual({
      connections: [],
    });
    const shown = await askBroker(broker, acme, 'POST', `/connections/${id}/default`);
    expect([404, 409]).toContain(shown.status);
  });

  it('give a link where the user has to repair them', async () => {
    const id = await connect('acme', 'finn', { state: 'needs_reauth' });
    expect((await askBroker(broker, acme, 'GET', `/connections/${id}`)).body).toMatchObject({
      state: 'needs_reauth',
      reason: 'refused',
      connect_url: expect.stringMatching(/\/connect\/link\//) as string,
    });
  });

  it('are changed with connections:write alone', async () => {
    const id = await connect('acme', 'gina');
    for (const role of ['agent', 'viewer'] as const) {
      const caller = roleOf(role, 'acme');
      expect((await askBroker(broker, caller, 'DELETE', `/connections/${id}`)).status).toBe(403);
      expect((await askBroker(broker, caller, 'POST', `/connections/${id}/default`)).status).toBe(403);
      expect((await askBroker(broker, caller, 'GET', `/connections/${id}`)).status).toBe(200);
    }
  });
});

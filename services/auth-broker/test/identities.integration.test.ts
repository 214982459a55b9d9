import { callerHeaders } from '@action-mesh/contracts';
import { newKeyText } from '@action-mesh/identity';
import { leakCheck, percentile, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { askBroker, BrokerHarness, created, platformCaller, roleOf, serviceKey } from './broker-harness.js';

jest.setTimeout(120_000);

let mesh: BrokerHarness;

beforeAll(async () => {
  mesh = await BrokerHarness.start();
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

leakCheck();

const owner = roleOf('owner', 'acme');

describe('the auth broker on a real broker and database', () => {
  it('is ready once it has started, and makes the keys of the environment exist', async () => {
    const key = newKeyText('api', 'dev');
    const publisher = newKeyText('publisher', 'dev');
    await using broker = await mesh.broker({
      AUTH_BROKER_PLATFORM_KEY: key,
      AUTH_BROKER_PLATFORM_PUBLISHER: publisher,
    });
    await using door = await mesh.door();
    expect((await fetch(`${broker.url}/health/ready`)).status).toBe(200);
    expect(door.directory.authenticate(key, 'api', Date.now())).toMatchObject({
      ok: true,
      principal: { tenantId: 'default', holder: 'platform' },
    });
    expect(door.opensFor(publisher, 'publisher')).toBe(true);
    expect(door.opensFor(publisher, 'api')).toBe(false);
  });

  it('ends the former key when the variable has another one, and never revives it (AB9)', async () => {
    const [first, second] = [newKeyText('api', 'dev'), newKeyText('api', 'dev')];
    for (const text of [first, second, first]) {
      await using broker = await mesh.broker({ AUTH_BROKER_PLATFORM_KEY: text });
      expect(broker.name).toBe('auth-broker');
    }
    await using door = await mesh.door();
    expect([door.opensFor(first), door.opensFor(second)]).toEqual([false, true]);
  });

  it('lets two tenants administer their own keys and no others', async () => {
    await using broker = await mesh.broker();
    for (const tenant of ['acme', 'globex'])
      expect((await askBroker(broker, platformCaller, 'PUT', `/tenants/${tenant}`, {})).status).toBe(200);
    const theirs = await created(broker, platformCaller, { role: 'owner' }, '/tenants/globex/keys');
    const mine = await created(broker, owner, { role: 'agent', users: ['ada', '李雷'], note: 'a\nb' });
    const list = await askBroker(broker, owner, 'GET', '/keys');
    expect(list.body).toMatchObject({
      keys: [
        { id: mine.id, created_by: 'owner of acme', users: ['ada', '李雷'], note: 'a\nb', published: true },
      ],
    });
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
    ] as const) {
      const unknown = await askBroker(broker, owner, method, `/keys/0123456789abcdef${path}`);
      expect(unknown.status).toBe(404);
      expect(await askBroker(broker, owner, method, `/keys/${theirs.id}${path}`)).toEqual(unknown);
    }
    expect((await askBroker(broker, owner, 'GET', '/tenants')).status).toBe(403);
    expect((await askBroker(broker, owner, 'PUT', '/tenants/acme', {})).status).toBe(403);
    expect((await askBroker(broker, owner, 'POST', '/tenants/globex/keys', { role: 'owner' })).status).toBe(
      404,
    );
    expect((await askBroker(broker, owner, 'POST', '/keys', { role: 'platform' })).status).toBe(403);
  });

  it('closes every door to a revoked key within two seconds', async () => {
    await using broker = await mesh.broker();
    await using door = await mesh.door();
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const { id, key } = await created(broker, owner, { role: 'agent' });
      await waitFor(() => door.opensFor(key), { what: 'the door to know the key', intervalMs: 1 });
      const startedAt = performance.now();
      const revoked = askBroker(broker, owner, 'DELETE', `/keys/${id}`);
      await waitFor(() => !door.opensFor(key), { what: 'the door to refuse the key', intervalMs: 1 });
      times.push(performance.now() - startedAt);
      expect((await revoked).status).toBe(204);
    }
    console.log(
      `a revoked key is refused after ${percentile(times, 0.5).toFixed(0)} ms (median), ${Math.max(...times).toFixed(0)} ms (longest of ${times.length})`,
    );
    expect(Math.max(...times)).toBeLessThan(2_000);
  });

  it('turns on and lifts kill switches at the doors', async () => {
    await using broker = await mesh.broker();
    await using door = await mesh.door();
    const request = { target: { type: 'tool', value: 'crm_update' }, reason: 'it deletes rows' };
    const on = await askBroker(broker, owner, 'POST', '/switches', request);
    expect(on).toMatchObject({
      status: 201,
      body: { tenant_id: 'acme', by: 'owner of acme', published: true },
    });
    const call = { tenantId: 'acme', userId: 'ada', tool: 'crm_update' };
    await waitFor(() => door.directory.switches.covering(call), { what: 'the switch' });
    expect(door.directory.switches.covering({ ...call, tenantId: 'globex' })).toBeUndefined();
    const again = await askBroker(broker, owner, 'POST', '/switches', { ...request, reason: 'again' });
    expect(again.body).toMatchObject({ id: on.body['id'], reason: 'it deletes rows' });
    const mesh_wide = await askBroker(broker, platformCaller, 'POST', '/switches', {
      ...request,
      reach: 'mesh',
    });
    expect(mesh_wide.status).toBe(201);
    expect((await askBroker(broker, roleOf('viewer', 'globex'), 'GET', '/switches')).body).toMatchObject({
      switches: [{ id: mesh_wide.body['id'] }],
    });
    expect(
      (await askBroker(broker, owner, 'DELETE', `/switches/${String(mesh_wide.body['id'])}`)).status,
    ).toBe(403);
    for (const id of [on.body['id'], mesh_wide.body['id']])
      expect(
        (await askBroker(broker, platformOrOwner(id === on.body['id']), 'DELETE', `/switches/${String(id)}`))
          .status,
      ).toBe(204);
    await waitFor(() => door.directory.switches.all().length === 0, { what: 'both lifts' });
    expect((await askBroker(broker, owner, 'DELETE', '/switches/not-a-uuid')).status).toBe(404);
  });

  it('keeps last uses, the latest of each key', async () => {
    await using broker = await mesh.broker();
    const { id } = await created(broker, owner, { role: 'agent' });
    const use = (used_at: string) => ({ uses: [{ key_id: id, used_at }] });
    for (const body of [use('2026-01-02T00:00:00Z'), use('2026-01-01T00:00:00Z')])
      expect((await askBroker(broker, owner, 'POST', '/key-uses', body)).status).toBe(204);
    expect((await askBroker(broker, owner, 'GET', `/keys/${id}`)).body['last_used_at']).toBe(
      '2026-01-02T00:00:00.000Z',
    );
    expect((await askBroker(broker, owner, 'POST', '/key-uses', { uses: [] })).status).toBe(422);
  });

  it('rotates with an overlap, and removes tenants with their keys', async () => {
    await using broker = await mesh.broker();
    await using door = await mesh.door();
    await askBroker(broker, platformCaller, 'PUT', '/tenants/initech', {});
    const ofInitech = roleOf('owner', 'initech');
    const old = await created(broker, ofInitech, { role: 'agent' });
    const fresh = await created(broker, ofInitech, {}, `/keys/${old.id}/rotate`);
    await waitFor(() => door.opensFor(fresh.key), { what: 'the successor' });
    expect(door.opensFor(old.key)).toBe(true);
    expect((await askBroker(broker, ofInitech, 'POST', `/keys/${old.id}/rotate`, {})).status).toBe(409);
    const ended = await created(broker, ofInitech, { overlap_seconds: 0 }, `/keys/${fresh.id}/rotate`);
    await waitFor(() => door.opensFor(ended.key) && !door.opensFor(fresh.key), {
      what: 'the end of the overlap',
    });
    expect((await askBroker(broker, platformCaller, 'DELETE', '/tenants/initech')).status).toBe(204);
    await waitFor(() => !door.opensFor(ended.key) && !door.opensFor(old.key), { what: 'the removal' });
    await askBroker(broker, platformCaller, 'PUT', '/tenants/initech', {});
    expect((await askBroker(broker, ofInitech, 'GET', '/keys')).body).toEqual({ keys: [] });
    expect((await askBroker(broker, platformCaller, 'DELETE', '/tenants/default')).status).toBe(409);
  });

  it.each<[string, unknown, number]>([
    ['no JSON', '{', 400],
    ['a prototype', '{"role":"agent","__proto__":{"role":"owner"}}', 400],
    ['a constructor', '{"role":"agent","constructor":{"prototype":{"role":"owner"}}}', 400],
    ['a list', '[]', 422],
    ['a deep value', `{"role":"agent","quota":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 422],
    ['a large body', { role: 'agent', note: 'x'.repeat(300_000) }, 413],
  ])('refuses %s', async (_what, body, status) => {
    await using broker = await mesh.broker();
    expect((await askBroker(broker, owner, 'POST', '/keys', body)).status).toBe(status);
  });

  it('refuses a request without a caller', async () => {
    await using broker = await mesh.broker();
    for (const path of ['keys', 'tenants', 'switches']) {
      const address = `${broker.url}/internal/${path}`;
      expect((await fetch(address, { headers: callerHeaders(owner) })).status).toBe(401);
      const response = await fetch(address, {
        headers: { 'x-mesh-service-key': serviceKey, 'x-mesh-tenant': 'acme' },
      });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { code: 'AUTH_BROKER_NO_CALLER' },
      ]);
    }
  });
});

const platformOrOwner = (isOwn: boolean) => (isOwn ? owner : platformCaller);

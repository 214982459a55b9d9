import { roleNames, type TenantRequest } from '@action-mesh/contracts/auth-broker';

import { jest } from '@jest/globals';

import { signingJwk } from '../domain/signing-key.fake.js';
import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const issuer = 'https://login.acme.example';
const url = 'https://login.acme.example/jwks';
const dayMs = 86_400_000;
const byUrl: TenantRequest = { issuers: [{ issuer, jwks_url: url }] };

describe('PutTenant', () => {
  it('creates a tenant and replaces its settings', async () => {
    const { putTenant, listTenants, topic } = fakeAdministration();
    await expect(putTenant.run(platform, 'initech', {})).resolves.toMatchObject({
      id: 'initech',
      issuers: [],
      published: true,
    });
    const key = signingJwk('EC', { kid: 'k1' });
    const quota = { calls: { per_day: 1_000 } };
    await putTenant.run(platform, 'initech', { quota, issuers: [{ issuer, keys: [key] }] });
    expect(topic.values.get('tenant/initech')).toEqual({
      kind: 'tenant',
      id: 'initech',
      quota,
      issuers: [{ issuer, keys: [key] }],
    });
    expect((await listTenants.run(platform)).map(({ id }) => id)).toEqual([
      'acme',
      'default',
      'globex',
      'initech',
    ]);
  });

  it('reads a new JWK set before it answers', async () => {
    const { putTenant, jwkSets } = fakeAdministration();
    jwkSets.set(url, { keys: [signingJwk('EC', { kid: 'k1' })], leftOut: ['key "k2" has 1024 bits'] });
    await expect(putTenant.run(platform, 'acme', byUrl)).resolves.toMatchObject({
      issuers: [{ issuer, jwks_url: url, key_ids: ['k1'], left_out: ['key "k2" has 1024 bits'] }],
    });
  });

  it('answers in time while a JWK set is still being read', async () => {
    const { putTenant, readJwkSets } = fakeAdministration();
    const startedAt = performance.now();
    jest.spyOn(readJwkSets, 'run').mockReturnValue(new Promise(() => undefined));
    await expect(putTenant.run(platform, 'acme', byUrl)).resolves.toMatchObject({
      issuers: [{ key_ids: [] }],
    });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('refuses every role but platform (AB2)', async () => {
    const { putTenant, tenants } = fakeAdministration();
    for (const role of roleNames.filter((name) => name !== 'platform'))
      await expect(putTenant.run(callerAs(role), 'acme', {})).rejects.toMatchObject({
        code: 'AUTH_BROKER_MISSING_RIGHT',
        scopes: ['tenants:admin'],
      });
    expect(tenants.tenants.size).toBe(3);
  });

  it.each<[string, string, unknown, string]>([
    ['an id that is no plain name', '../acme', {}, '/tenant'],
    ['an issuer twice', 'acme', { issuers: [byUrl.issuers?.[0], byUrl.issuers?.[0]] }, '/issuers/1/issuer'],
    ['an issuer without keys', 'acme', { issuers: [{ issuer }] }, '/issuers/0'],
    [
      'an issuer with keys and an address',
      'acme',
      { issuers: [{ issuer, jwks_url: url, keys: [signingJwk('EC')] }] },
      '/issuers/0',
    ],
    ['a file', 'acme', { issuers: [{ issuer, jwks_url: 'file:///etc/passwd' }] }, '/issuers/0/jwks_url'],
    [
      'a private key',
      'acme',
      { issuers: [{ issuer, keys: [{ ...signingJwk('EC'), d: 'AAAA' }] }] },
      '/issuers/0/keys/0',
    ],
    [
      'a weak key',
      'acme',
      { issuers: [{ issuer, keys: [signingJwk('RSA', {}, 1_024)] }] },
      '/issuers/0/keys/0',
    ],
    ['a negative quota', 'acme', { quota: { calls: { per_day: -1 } } }, '/quota/calls/per_day'],
    ['an unknown setting', 'acme', { scopes: ['keys:admin'] }, ''],
  ])('refuses %s', async (_what, id, body, pointer) => {
    const { putTenant } = fakeAdministration();
    await expect(putTenant.run(platform, id, body)).rejects.toMatchObject({
      code: 'AUTH_BROKER_INVALID',
      problems: [expect.objectContaining({ pointer }) as unknown],
    });
  });
});

describe('RemoveTenant', () => {
  it('ends every key of the tenant, also when the tenant is put again', async () => {
    const { createKey, removeTenant, putTenant, listKeys, topic } = fakeAdministration();
    const { id } = await createKey.run(platform, 'acme', { role: 'owner' });
    await removeTenant.run(platform, 'acme');
    expect([...topic.values.keys()]).toEqual(['tenant/default', 'tenant/globex']);
    await expect(createKey.run(platform, 'acme', { role: 'owner' })).rejects.toThrow('no such tenant');
    await putTenant.run(platform, 'acme', {});
    expect(await listKeys.run(platform, 'acme')).toEqual([]);
    expect(topic.values.has(`key/${id}`)).toBe(false);
  });

  it('refuses the own tenant of the caller, an unknown tenant, and other roles', async () => {
    const { removeTenant, tenants } = fakeAdministration();
    await expect(removeTenant.run(platform, 'default')).rejects.toMatchObject({
      code: 'AUTH_BROKER_CONFLICT',
    });
    await expect(removeTenant.run(platform, 'nowhere')).rejects.toThrow('no such tenant');
    await expect(removeTenant.run(callerAs('owner'), 'acme')).rejects.toThrow('tenants:admin');
    expect(tenants.tenants.size).toBe(3);
  });
});

describe('ListTenants and ShowTenant', () => {
  it('refuse a caller without tenants:admin, also for its own tenant', async () => {
    const { listTenants, showTenant } = fakeAdministration();
    await expect(listTenants.run(callerAs('owner'))).rejects.toThrow('tenants:admin');
    await expect(showTenant.run(callerAs('owner'), 'acme')).rejects.toThrow('tenants:admin');
    await expect(showTenant.run(platform, 'nowhere')).rejects.toThrow('no such tenant');
  });
});

describe('ReadJwkSets', () => {
  const key = signingJwk('EC', { kid: 'k1' });

  it('reads each set about once a minute', async () => {
    const { putTenant, readJwkSets, jwkSets, clock } = fakeAdministration();
    jwkSets.set(url, { keys: [key], leftOut: [] });
    await putTenant.run(platform, 'acme', byUrl);
    expect(await readJwkSets.run()).toBe(0);
    clock.advance(60_000);
    expect(await readJwkSets.run()).toBe(1);
  });

  it('keeps the last good set for a day after a failure, with the reason', async () => {
    const { putTenant, readJwkSets, showTenant, publish, topic, jwkSets, clock } = fakeAdministration();
    jwkSets.set(url, { keys: [key], leftOut: [] });
    await putTenant.run(platform, 'acme', byUrl);
    jwkSets.delete(url);
    clock.advance(dayMs - 1);
    await readJwkSets.run();
    await publish.run();
    expect(await showTenant.run(platform, 'acme')).toMatchObject({
      issuers: [{ key_ids: ['k1'], problem: 'the answer has the status 404' }],
    });
    expect(topic.values.get('tenant/acme')).toMatchObject({ issuers: [{ keys: [key] }] });
    clock.advance(1);
    await publish.run();
    expect(topic.values.get('tenant/acme')).toMatchObject({ issuers: [{ keys: [] }] });
  });

  it('follows a set that changes, and forgets the problem', async () => {
    const { putTenant, readJwkSets, showTenant, jwkSets, clock } = fakeAdministration();
    await expect(putTenant.run(platform, 'acme', byUrl)).resolves.toMatchObject({
      issuers: [{ key_ids: [], problem: 'the answer has the status 404' }],
    });
    jwkSets.set(url, { keys: [signingJwk('EC', { kid: 'k2' })], leftOut: [] });
    clock.advance(60_000);
    await readJwkSets.run();
    const [shown] = (await showTenant.run(platform, 'acme')).issuers;
    expect(shown).toMatchObject({ key_ids: ['k2'], read_at: new Date(clock.now()).toISOString() });
    expect(shown?.problem).toBeUndefined();
  });

  it('drops the keys of a former address', async () => {
    const { putTenant, jwkSets } = fakeAdministration();
    jwkSets.set(url, { keys: [key], leftOut: [] });
    await putTenant.run(platform, 'acme', byUrl);
    const moved = { issuers: [{ issuer, jwks_url: 'https://elsewhere.example/jwks' }] };
    await expect(putTenant.run(platform, 'acme', moved)).resolves.toMatchObject({
      issuers: [{ key_ids: [] }],
    });
  });
});

import { roleNames, roleScopes, type KeyRequest } from '@action-mesh/contracts/auth-broker';
import { IdentityDirectory, keyDigest, readKeyText } from '@action-mesh/identity';

import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const owner = callerAs('owner');

describe('CreateKey', () => {
  it('creates a key that opens doors, and shows its text once', async () => {
    const { createKey, listKeys, topic, clock } = fakeAdministration();
    const created = await createKey.run(owner, 'acme', { role: 'agent', note: 'the agent of sales' });
    expect(created).toMatchObject({
      tenant_id: 'acme',
      use: 'api',
      environment: 'dev',
      holder: 'owner-of-acme',
      role: 'agent',
      scopes: roleScopes.agent,
      created_by: 'owner-of-acme',
      note: 'the agent of sales',
      published: true,
    });
    expect(readKeyText(created.key)).toEqual({ use: 'api', environment: 'dev', id: created.id });
    const directory = new IdentityDirectory('dev');
    for (const identity of topic.values.values()) directory.put(identity);
    directory.complete();
    expect(directory.authenticate(created.key, 'api', clock.now())).toMatchObject({
      ok: true,
      principal: { tenantId: 'acme', keyId: created.id },
    });
    const shown = JSON.stringify(await listKeys.run(owner, 'acme'));
    expect(shown).toContain(created.id);
    expect(shown).not.toContain(created.key);
    expect(shown).not.toContain(keyDigest(created.key));
  });

  it('stores and publishes no text of a key', async () => {
    const { createKey, keys, topic } = fakeAdministration();
    const { key } = await createKey.run(owner, 'acme', { role: 'agent' });
    const secret = key.slice(key.lastIndexOf('_') + 1);
    expect(JSON.stringify([...keys.keys.values(), ...topic.values.values()])).not.toContain(secret);
  });

  it('gives two requests two keys', async () => {
    const { createKey } = fakeAdministration();
    const [one, two] = [
      await createKey.run(owner, 'acme', { role: 'agent' }),
      await createKey.run(owner, 'acme', { role: 'agent' }),
    ];
    expect(one.id).not.toBe(two.id);
    expect(one.key).not.toBe(two.key);
  });

  it.each(roleNames.filter((role) => !roleScopes[role].includes('keys:admin')))(
    'refuses a caller of the role %s',
    async (role) => {
      const { createKey, keys } = fakeAdministration();
      await expect(createKey.run(callerAs(role), 'acme', { role: 'viewer' })).rejects.toMatchObject({
        code: 'AUTH_BROKER_MISSING_RIGHT',
        scopes: ['keys:admin'],
      });
      expect(keys.keys.size).toBe(0);
    },
  );

  it('gives no scope that the caller does not hold (AB1)', async () => {
    const { createKey, keys } = fakeAdministration();
    const narrow = callerAs('owner', 'acme', ['keys:admin', 'calls:read', 'tools:read']);
    await expect(createKey.run(narrow, 'acme', { role: 'agent' })).rejects.toMatchObject({
      code: 'AUTH_BROKER_MISSING_RIGHT',
      scopes: ['calls:write', 'triggers:write', 'connections:read'],
    });
    await expect(createKey.run(narrow, 'acme', { role: 'owner' })).rejects.toThrow('calls:write');
    expect(keys.keys.size).toBe(0);
    await expect(
      createKey.run(narrow, 'acme', { role: 'agent', scopes: ['tools:read', 'calls:read', 'calls:read'] }),
    ).resolves.toMatchObject({ scopes: ['calls:read', 'tools:read'] });
  });

  it('lets no owner make a key of the platform (AB3), or one that administers tools for all tenants', async () => {
    const { createKey, keys } = fakeAdministration();
    for (const [request, missing] of [
      [{ role: 'platform' }, ['tools:admin', 'tenants:admin']],
      [{ role: 'platform', scopes: ['calls:read'] }, ['tenants:admin']],
      [{ role: 'author' }, ['tools:admin']],
    ] as const)
      await expect(createKey.run(owner, 'acme', request)).rejects.toMatchObject({
        code: 'AUTH_BROKER_MISSING_RIGHT',
        scopes: missing,
      });
    expect(keys.keys.size).toBe(0);
    await expect(createKey.run(platform, 'default', { role: 'platform' })).resolves.toMatchObject({
      scopes: roleScopes.platform,
    });
  });

  it('makes keys of the platform in the tenant of the platform alone (AB3)', async () => {
    const { createKey } = fakeAdministration();
    await expect(createKey.run(platform, 'acme', { role: 'platform' })).rejects.toThrow('/role');
  });

  it('answers for another tenant as for an unknown one (AB2)', async () => {
    const { createKey, keys } = fakeAdministration();
    const answer = async (tenantId: string): Promise<unknown> =>
      createKey.run(owner, tenantId, { role: 'agent' }).catch((error: unknown) => String(error));
    expect(await answer('globex')).toBe(await answer('no-such-tenant'));
    expect(keys.keys.size).toBe(0);
  });

  it('lets the platform create the first key of a tenant, and of no unknown one', async () => {
    const { createKey } = fakeAdministration();
    await expect(createKey.run(platform, 'acme', { role: 'owner', holder: 'ada' })).resolves.toMatchObject({
      tenant_id: 'acme',
      holder: 'ada',
      created_by: 'platform-of-default',
    });
    await expect(createKey.run(platform, 'nowhere', { role: 'owner' })).rejects.toThrow('no such tenant');
  });

  it('gives a publisher token no right but to publish calls (AB4)', async () => {
    const { createKey } = fakeAdministration();
    const token = await createKey.run(owner, 'acme', { use: 'publisher', role: 'owner' });
    expect(token).toMatchObject({ use: 'publisher', scopes: ['calls:write'] });
    expect(token.key).toMatch(/^meshpub_dev_/);
    for (const request of [
      { use: 'publisher', role: 'owner', scopes: ['calls:write', 'keys:admin'] },
      { use: 'publisher', role: 'owner', scopes: ['calls:read'] },
      { use: 'publisher', role: 'viewer' },
    ])
      await expect(createKey.run(owner, 'acme', request)).rejects.toMatchObject({
        code: 'AUTH_BROKER_INVALID',
      });
  });

  it.each([
    ['users', { users: ['ada'] }],
    ['tools', { tools: ['crm_*'] }],
  ])(
    'binds no key for the administration of keys to %s, since its own keys would be free (AB5)',
    async (name, bound) => {
      const { createKey } = fakeAdministration();
      await expect(createKey.run(owner, 'acme', { role: 'owner', ...bound })).rejects.toThrow(`/${name}`);
      await expect(
        createKey.run(owner, 'acme', { role: 'owner', scopes: ['keys:admin'], ...bound }),
      ).rejects.toThrow(`/${name}`);
      await expect(
        createKey.run(owner, 'acme', { role: 'owner', scopes: ['calls:read'], ...bound }),
      ).resolves.toMatchObject(bound);
    },
  );

  it('refuses a key that expires now or before', async () => {
    const { createKey, clock } = fakeAdministration();
    const at = (ms: number): Promise<unknown> =>
      createKey.run(owner, 'acme', { role: 'agent', expires_at: new Date(clock.now() + ms).toISOString() });
    await expect(at(0)).rejects.toThrow('/expires_at');
    await expect(at(-1)).rejects.toThrow('/expires_at');
    await expect(at(1)).resolves.toMatchObject({ role: 'agent' });
  });

  it('refuses a key beyond the limit of the tenant', async () => {
    const { createKey, keys } = fakeAdministration();
    keys.mostKeys = 2;
    await createKey.run(owner, 'acme', { role: 'agent' });
    await createKey.run(owner, 'acme', { role: 'agent' });
    await expect(createKey.run(owner, 'acme', { role: 'agent' })).rejects.toMatchObject({
      code: 'AUTH_BROKER_CONFLICT',
    });
    await expect(
      createKey.run(callerAs('owner', 'globex'), 'globex', { role: 'agent' }),
    ).resolves.toBeDefined();
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an unknown member', { role: 'agent', tenant_id: 'globex' }],
    ['an id of its choice', { role: 'agent', id: '0123456789abcdef' }],
    ['a digest of its choice', { role: 'agent', digest: '0'.repeat(64) }],
    ['an unknown role', { role: 'root' }],
    ['an unknown scope', { role: 'agent', scopes: ['*'] }],
    ['a scope beyond the role', { role: 'viewer', scopes: ['calls:write'] }],
    ['no scopes', { role: 'agent', scopes: [] }],
    ['a prototype', JSON.parse('{"role":"agent","__proto__":{"use":"publisher"}}') as unknown],
    ['a holder with a lone surrogate', { role: 'agent', holder: 'a\ud800' }],
    ['a user with a lone surrogate', { role: 'agent', users: ['ada', '\udc00'] }],
    ['a note with NUL', { role: 'agent', note: 'a\u0000' }],
    ['a holder with a line end', { role: 'agent', holder: 'ada\nbob' }],
    ['a pattern that is no pattern', { role: 'agent', tools: ['.*'] }],
    ['too many users', { role: 'agent', users: Array.from({ length: 1_001 }, (_, index) => `u${index}`) }],
  ])('refuses %s and shows no value of it', async (_what, body) => {
    const { createKey, keys } = fakeAdministration();
    await expect(createKey.run(owner, 'acme', body)).rejects.toMatchObject({
      code: 'AUTH_BROKER_INVALID',
      problems: expect.arrayContaining([
        { pointer: expect.any(String) as string, message: expect.any(String) as string },
      ]) as unknown,
    });
    expect(keys.keys.size).toBe(0);
  });

  it('answers while no broker takes the key, and publishes it later', async () => {
    const { createKey, topic, publish, listKeys } = fakeAdministration();
    topic.unreachable = true;
    const request: KeyRequest = { role: 'agent' };
    await expect(createKey.run(owner, 'acme', request)).resolves.toMatchObject({ published: false });
    topic.unreachable = false;
    await publish.run();
    expect(await listKeys.run(owner, 'acme')).toMatchObject([{ published: true }]);
  });
});

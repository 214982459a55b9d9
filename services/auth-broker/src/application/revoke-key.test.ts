import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const owner = callerAs('owner');

describe('RevokeKey', () => {
  it('takes the key from the topic, for ever', async () => {
    const { createKey, revokeKey, listKeys, topic, publish } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    expect(topic.values.has(`key/${id}`)).toBe(true);
    await revokeKey.run(owner, 'acme', id);
    await publish.run();
    expect(topic.values.has(`key/${id}`)).toBe(false);
    expect(await listKeys.run(owner, 'acme')).toEqual([]);
    await expect(revokeKey.run(owner, 'acme', id)).rejects.toThrow('no such key');
  });

  it('revokes the last key of a tenant too, because a leaked key must end', async () => {
    const { createKey, revokeKey, keys } = fakeAdministration();
    const { id } = await createKey.run(platform, 'acme', { role: 'owner' });
    await revokeKey.run(owner, 'acme', id);
    expect(keys.known(0)).toEqual([]);
  });

  it('ends a key with more rights than the caller has, but none of the platform (AB3)', async () => {
    const { createKey, revokeKey, keys } = fakeAdministration();
    const narrow = callerAs('owner', 'default', ['keys:admin']);
    const operator = await createKey.run(callerAs('owner', 'default'), 'default', { role: 'operator' });
    await revokeKey.run(narrow, 'default', operator.id);
    const ofPlatform = await createKey.run(platform, 'default', { role: 'platform', scopes: ['calls:read'] });
    await expect(revokeKey.run(narrow, 'default', ofPlatform.id)).rejects.toMatchObject({
      scopes: ['tenants:admin'],
    });
    expect(keys.known(0).map(({ identity }) => identity.id)).toEqual([ofPlatform.id]);
    await revokeKey.run(platform, 'default', ofPlatform.id);
    expect(keys.known(0)).toEqual([]);
  });

  it('answers for a foreign key as for an unknown one, and repeats no text of the path', async () => {
    const { createKey, revokeKey, keys } = fakeAdministration();
    const theirs = await createKey.run(callerAs('owner', 'globex'), 'globex', { role: 'agent' });
    for (const id of [theirs.id, theirs.key, '0123456789abcdef', ''])
      await expect(revokeKey.run(owner, 'acme', id)).rejects.toThrow(/^there is no such key$/);
    expect(keys.known(0)).toHaveLength(1);
  });

  it('needs keys:admin', async () => {
    const { createKey, revokeKey } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    await expect(revokeKey.run(callerAs('operator'), 'acme', id)).rejects.toMatchObject({
      code: 'AUTH_BROKER_MISSING_RIGHT',
    });
  });

  it('keeps the revocation while no broker takes it, and says so by ending without an error', async () => {
    const { createKey, revokeKey, topic, publish } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    topic.unreachable = true;
    await revokeKey.run(owner, 'acme', id);
    topic.unreachable = false;
    await publish.run();
    expect(topic.values.has(`key/${id}`)).toBe(false);
  });
});

import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const owner = callerAs('owner');
const dayMs = 86_400_000;

describe('ListKeys and ShowKey', () => {
  it('show the keys of the tenant and of no other (AB2)', async () => {
    const { createKey, listKeys, showKey } = fakeAdministration();
    const mine = await createKey.run(owner, 'acme', { role: 'agent' });
    const theirs = await createKey.run(callerAs('owner', 'globex'), 'globex', { role: 'agent' });
    expect((await listKeys.run(owner, 'acme')).map(({ id }) => id)).toEqual([mine.id]);
    await expect(showKey.run(owner, 'acme', theirs.id)).rejects.toThrow(/^there is no such key$/);
    await expect(listKeys.run(owner, 'globex')).rejects.toThrow('no such tenant');
    expect((await listKeys.run(platform, 'globex')).map(({ id }) => id)).toEqual([theirs.id]);
  });

  it('show an expired key for a day, and take it from the topic then', async () => {
    const { createKey, listKeys, topic, publish, clock } = fakeAdministration();
    const expiresAt = new Date(clock.now() + 1_000).toISOString();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent', expires_at: expiresAt });
    clock.advance(1_000 + dayMs - 1);
    await publish.run();
    expect(topic.values.has(`key/${id}`)).toBe(true);
    expect(await listKeys.run(owner, 'acme')).toMatchObject([{ id, expires_at: expiresAt }]);
    clock.advance(1);
    await publish.run();
    expect(topic.values.has(`key/${id}`)).toBe(false);
    expect(await listKeys.run(owner, 'acme')).toEqual([]);
  });

  it('need keys:admin', async () => {
    const { listKeys, showKey } = fakeAdministration();
    await expect(listKeys.run(callerAs('author'), 'acme')).rejects.toThrow('keys:admin');
    await expect(showKey.run(callerAs('author'), 'acme', 'x')).rejects.toThrow('keys:admin');
  });
});

import { callerAs, fakeAdministration, platform } from './administration.fake.js';

const owner = callerAs('owner');
const hourMs = 3_600_000;

describe('RotateKey', () => {
  it('gives a successor with the same rights, and lets the old key live for the overlap', async () => {
    const { createKey, rotateKey, listKeys, topic, clock } = fakeAdministration();
    const old = await createKey.run(owner, 'acme', {
      role: 'agent',
      holder: 'ada',
      tools: ['crm_*'],
      users: ['ada'],
      quota: { calls: { per_second: 5 } },
      note: 'sales',
    });
    clock.advance(hourMs);
    const fresh = await rotateKey.run(owner, 'acme', old.id, { overlap_seconds: 600 });
    expect(fresh.key).not.toBe(old.key);
    expect(fresh).toMatchObject({
      holder: 'ada',
      role: 'agent',
      scopes: old.scopes,
      tools: ['crm_*'],
      users: ['ada'],
      quota: { calls: { per_second: 5 } },
      note: 'sales',
      published: true,
    });
    expect(fresh.expires_at).toBeUndefined();
    const ends = new Date(clock.now() + 600_000).toISOString();
    expect(topic.values.get(`key/${old.id}`)).toMatchObject({ expires_at: ends });
    expect(await listKeys.run(owner, 'acme')).toMatchObject([
      { id: old.id, replaced_by: fresh.id, expires_at: ends },
      { id: fresh.id },
    ]);
  });

  it('overlaps for a day by default', async () => {
    const { createKey, rotateKey, showKey, clock } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    await rotateKey.run(owner, 'acme', id, undefined);
    const { expires_at: expiresAt } = await showKey.run(owner, 'acme', id);
    expect(expiresAt).toBe(new Date(clock.now() + 24 * hourMs).toISOString());
  });

  it('ends the old key at once without an overlap', async () => {
    const { createKey, rotateKey, showKey, topic } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    await rotateKey.run(owner, 'acme', id, { overlap_seconds: 0 });
    expect(topic.values.has(`key/${id}`)).toBe(false);
    await expect(showKey.run(owner, 'acme', id)).rejects.toThrow('no such key');
  });

  it('never lengthens the life of the old key, and gives the successor the same lifetime', async () => {
    const { createKey, rotateKey, showKey, clock } = fakeAdministration();
    const expiresAt = new Date(clock.now() + hourMs).toISOString();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent', expires_at: expiresAt });
    clock.advance(hourMs / 2);
    const fresh = await rotateKey.run(owner, 'acme', id, {});
    expect(fresh.expires_at).toBe(new Date(clock.now() + hourMs).toISOString());
    expect((await showKey.run(owner, 'acme', id)).expires_at).toBe(expiresAt);
  });

  it('takes over no scope that the caller does not hold (AB1)', async () => {
    const { createKey, rotateKey, keys } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'operator' });
    const narrow = callerAs('owner', 'acme', ['keys:admin', 'calls:read']);
    await expect(rotateKey.run(narrow, 'acme', id, {})).rejects.toMatchObject({
      code: 'AUTH_BROKER_MISSING_RIGHT',
    });
    expect(keys.keys.size).toBe(1);
  });

  it('lets no owner take over a key of the platform (AB3)', async () => {
    const { createKey, rotateKey, keys } = fakeAdministration();
    for (const scopes of [undefined, ['calls:read']]) {
      const request = { role: 'platform', ...(scopes === undefined ? {} : { scopes }) };
      const { id } = await createKey.run(platform, 'default', request);
      await expect(rotateKey.run(callerAs('owner', 'default'), 'default', id, {})).rejects.toMatchObject({
        scopes: expect.arrayContaining(['tenants:admin']) as unknown,
      });
    }
    expect(keys.keys.size).toBe(2);
  });

  it('rotates a key once', async () => {
    const { createKey, rotateKey, keys } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    const answers = await Promise.allSettled([
      rotateKey.run(owner, 'acme', id, {}),
      rotateKey.run(owner, 'acme', id, {}),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(rotateKey.run(owner, 'acme', id, {})).rejects.toThrow('has a successor already');
    expect(keys.keys.size).toBe(2);
  });

  it('refuses expired, revoked, unknown and foreign keys', async () => {
    const { createKey, rotateKey, revokeKey, clock } = fakeAdministration();
    const { id: revoked } = await createKey.run(owner, 'acme', { role: 'agent' });
    await revokeKey.run(owner, 'acme', revoked);
    const theirs = await createKey.run(callerAs('owner', 'globex'), 'globex', { role: 'agent' });
    for (const id of [revoked, theirs.id, '0123456789abcdef', 'x', theirs.key])
      await expect(rotateKey.run(owner, 'acme', id, {})).rejects.toThrow(/^there is no such key$/);
    const { id: short } = await createKey.run(owner, 'acme', {
      role: 'agent',
      expires_at: new Date(clock.now() + 1_000).toISOString(),
    });
    clock.advance(1_000);
    await expect(rotateKey.run(owner, 'acme', short, {})).rejects.toThrow('has expired');
  });

  it.each([
    { overlap_seconds: -1 },
    { overlap_seconds: 1e9 },
    { overlap_seconds: '5' },
    { scopes: ['keys:admin'] },
  ])('refuses %j', async (body) => {
    const { createKey, rotateKey } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    await expect(rotateKey.run(owner, 'acme', id, body)).rejects.toMatchObject({
      code: 'AUTH_BROKER_INVALID',
    });
  });
});

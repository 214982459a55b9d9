import { callerAs, fakeAdministration } from './administration.fake.js';

const owner = callerAs('owner');

describe('RecordKeyUses', () => {
  it('keeps the latest use of each key, and none after now', async () => {
    const { createKey, recordKeyUses, showKey, clock } = fakeAdministration();
    const { id } = await createKey.run(owner, 'acme', { role: 'agent' });
    const at = (ms: number) => ({ key_id: id, used_at: new Date(clock.now() + ms).toISOString() });
    const lastUse = async (): Promise<string | undefined> =>
      (await showKey.run(owner, 'acme', id)).last_used_at;
    expect(await lastUse()).toBeUndefined();
    await recordKeyUses.run({ uses: [at(-5_000), at(-1_000), at(-3_000)] });
    expect(await lastUse()).toBe(at(-1_000).used_at);
    await recordKeyUses.run({ uses: [at(-2_000)] });
    expect(await lastUse()).toBe(at(-1_000).used_at);
    await recordKeyUses.run({ uses: [at(60_000)] });
    expect(await lastUse()).toBe(at(0).used_at);
  });

  it('ignores unknown keys', async () => {
    const { recordKeyUses, keys } = fakeAdministration();
    await recordKeyUses.run({ uses: [{ key_id: '0123456789abcdef', used_at: '2026-01-01T00:00:00Z' }] });
    expect(keys.keys.size).toBe(0);
  });

  it.each([
    undefined,
    { uses: [] },
    { uses: [{ key_id: 'x', used_at: '2026-01-01T00:00:00Z' }] },
    { uses: [{ key_id: '0123456789abcdef', used_at: 'yesterday' }] },
    {
      uses: Array.from({ length: 1_001 }, () => ({
        key_id: '0123456789abcdef',
        used_at: '2026-01-01T00:00:00Z',
      })),
    },
  ])('refuses an invalid report', async (body) => {
    const { recordKeyUses } = fakeAdministration();
    await expect(recordKeyUses.run(body)).rejects.toMatchObject({ code: 'AUTH_BROKER_INVALID' });
  });
});

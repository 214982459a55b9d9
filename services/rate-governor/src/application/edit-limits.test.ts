import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { EditLimits } from './edit-limits.js';
import { FakeLimitPolicyStore } from './limit-policy-store.fake.js';
import { FakeLimitTopic } from './limit-topic.fake.js';
import { PublishLimits } from './publish-limits.js';

const limitOf = (id: string, limit = 10): LimitPolicy => ({
  id,
  match: {},
  per: 'tenant',
  limit,
  window: '1s',
});

/** The form in which the tenant sets and sees the limit. */
const ownOf = (tenant: string, id: string, limit = 10): LimitPolicy => ({
  ...limitOf(id, limit),
  match: { tenant },
});

function set(...written: LimitPolicy[]) {
  const code = written.map((policy) => ({ ...policy, place: 'limits.json' }));
  const store = new FakeLimitPolicyStore();
  const topic = new FakeLimitTopic();
  const publishLimits = new PublishLimits({ code, places: ['limits.json'] }, store, topic);
  return { store, topic, publishLimits, editLimits: new EditLimits(code, store, topic, publishLimits) };
}

describe('EditLimits', () => {
  it('puts a limit into force for its tenant alone, and removes it again', async () => {
    const { topic, editLimits } = set();
    await expect(editLimits.put('acme', 'crm', limitOf('crm'))).resolves.toEqual({
      policy: ownOf('acme', 'crm'),
      source: 'api',
      published: true,
    });
    expect([...topic.limits]).toEqual([['acme/crm', { ...ownOf('acme', 'crm'), owner: 'acme' }]]);
    await editLimits.remove('acme', 'crm');
    expect(topic.limits.size).toBe(0);
    await expect(editLimits.find('acme', 'crm')).rejects.toThrow('there is no limit "crm"');
    await expect(editLimits.remove('acme', 'crm')).rejects.toThrow('there is no limit "crm"');
  });

  it('hides and protects the limits of one tenant from another (Q4)', async () => {
    const { topic, store, editLimits } = set(limitOf('all'), {
      ...limitOf('for-globex'),
      match: { tenant: 'globex', user: 'eve' },
    });
    await editLimits.put('globex', 'crm', { ...limitOf('crm', 1), match: { user: 'eve' } });
    expect((await editLimits.list('acme')).map(({ policy }) => policy)).toEqual([limitOf('all')]);
    await expect(editLimits.find('acme', 'crm')).rejects.toThrow('there is no limit');
    await expect(editLimits.find('acme', 'for-globex')).rejects.toThrow('there is no limit');
    await expect(editLimits.remove('acme', 'crm')).rejects.toThrow('there is no limit');
    await expect(editLimits.put('acme', 'x', ownOf('globex', 'x'))).rejects.toThrow('/match/tenant');
    await editLimits.put('acme', 'crm', limitOf('crm', 5));
    await editLimits.put('acme', 'for-globex', limitOf('for-globex', 5));
    expect(topic.limits.get('globex/crm')).toMatchObject({
      limit: 1,
      match: { tenant: 'globex', user: 'eve' },
    });
    expect((await editLimits.list('globex')).map(({ policy }) => policy.id)).toEqual([
      'all',
      'crm',
      'for-globex',
    ]);
    await editLimits.remove('acme', 'crm');
    expect(store.limits.has('globex/crm')).toBe(true);
    expect(topic.limits.has('globex/crm')).toBe(true);
  });

  it.each(['owner', 'place'])('refuses %s from a tenant', async (member) => {
    const { editLimits } = set();
    await expect(editLimits.put('acme', 'x', { ...limitOf('x'), [member]: 'globex' })).rejects.toThrow();
  });

  it('stores a limit while the broker is away, and reports that it is not in force', async () => {
    const { topic, publishLimits, editLimits } = set();
    topic.unreachable = true;
    await expect(editLimits.put('acme', 'crm', limitOf('crm'))).resolves.toMatchObject({ published: false });
    topic.unreachable = false;
    await publishLimits.run();
    await expect(editLimits.find('acme', 'crm')).resolves.toMatchObject({ published: true });
  });

  it('lifts limits removed while the broker was away, then forgets them', async () => {
    const { topic, store, publishLimits, editLimits } = set();
    await editLimits.put('acme', 'crm', limitOf('crm'));
    topic.unreachable = true;
    await editLimits.remove('acme', 'crm');
    expect(topic.limits.size).toBe(1);
    await expect(editLimits.find('acme', 'crm')).rejects.toThrow('there is no limit');
    topic.unreachable = false;
    await publishLimits.run();
    expect(topic.limits.size).toBe(0);
    await publishLimits.run();
    expect(store.limits.size).toBe(0);
  });

  it('lets a tenant remove a limit that is on the topic but not in the database (Q3)', async () => {
    const { topic, publishLimits, editLimits } = set();
    topic.limits.set('acme/crm', { ...ownOf('acme', 'crm'), owner: 'acme' });
    await publishLimits.run();
    await expect(editLimits.find('acme', 'crm')).resolves.toMatchObject({ source: 'api', published: true });
    await editLimits.remove('acme', 'crm');
    expect(topic.limits.size).toBe(0);
  });

  it("refuses changes to the operator's limits (Q1)", async () => {
    const { store, editLimits } = set(limitOf('crm'));
    await expect(editLimits.put('acme', 'crm', limitOf('crm', 99))).rejects.toThrow("is the operator's");
    await expect(editLimits.remove('acme', 'crm')).rejects.toThrow("is the operator's");
    expect(store.limits.size).toBe(0);
  });

  it('refuses invalid limits, and an id that differs from the path', async () => {
    const { store, editLimits } = set();
    await expect(editLimits.put('acme', 'crm', { ...limitOf('crm'), limit: 0 })).rejects.toThrow('/limit');
    await expect(editLimits.put('acme', 'crm', limitOf('slack'))).rejects.toThrow('/id');
    expect(store.limits.size).toBe(0);
  });

  it('lists all limits by id, with their owners', async () => {
    const { editLimits } = set(limitOf('b'));
    await editLimits.put('acme', 'a', limitOf('a'));
    const list = await editLimits.list('acme');
    expect(list.map(({ policy, source, published }) => [policy.id, source, published])).toEqual([
      ['a', 'api', true],
      ['b', 'code', true],
    ]);
  });
});

describe('PublishLimits', () => {
  it('publishes once for two concurrent requests', async () => {
    const { topic, publishLimits } = set(limitOf('a'));
    await Promise.all([publishLimits.run(), publishLimits.run()]);
    expect(topic.publications).toMatchObject([{ publish: [limitOf('a')], lift: [] }]);
  });

  it('continues after a failed run', async () => {
    const { topic, publishLimits } = set(limitOf('a'));
    topic.unreachable = true;
    await expect(publishLimits.run()).rejects.toThrow('no broker');
    topic.unreachable = false;
    await expect(publishLimits.run()).resolves.toMatchObject({ publish: [limitOf('a')] });
  });
});

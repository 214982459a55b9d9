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

/** As a tenant sees and sets it. */
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
  it('puts a limit into force, for its tenant alone, and takes it out again', async () => {
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

  it('shows a tenant nothing of another one, and lets it touch nothing (Q4)', async () => {
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

  it.each(['owner', 'place'])('takes no %s from a tenant', async (member) => {
    const { editLimits } = set();
    await expect(editLimits.put('acme', 'x', { ...limitOf('x'), [member]: 'globex' })).rejects.toThrow();
  });

  it('writes a limit down while the broker is away, and says that it is not in force', async () => {
    const { topic, publishLimits, editLimits } = set();
    topic.unreachable = true;
    await expect(editLimits.put('acme', 'crm', limitOf('crm'))).resolves.toMatchObject({ published: false });
    topic.unreachable = false;
    await publishLimits.run();
    await expect(editLimits.find('acme', 'crm')).resolves.toMatchObject({ published: true });
  });

  it('lifts what was removed while the broker was away, then forgets it', async () => {
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

  it('lets a tenant remove its limit on an empty database, as the topic has it still (Q3)', async () => {
    const { topic, publishLimits, editLimits } = set();
    topic.limits.set('acme/crm', { ...ownOf('acme', 'crm'), owner: 'acme' });
    await publishLimits.run();
    await expect(editLimits.find('acme', 'crm')).resolves.toMatchObject({ source: 'api', published: true });
    await editLimits.remove('acme', 'crm');
    expect(topic.limits.size).toBe(0);
  });

  it("leaves the operator's limits to the operator (Q1)", async () => {
    const { store, editLimits } = set(limitOf('crm'));
    await expect(editLimits.put('acme', 'crm', limitOf('crm', 99))).rejects.toThrow("is the operator's");
    await expect(editLimits.remove('acme', 'crm')).rejects.toThrow("is the operator's");
    expect(store.limits.size).toBe(0);
  });

  it('refuses what is no limit, and another id than the one in the path', async () => {
    const { store, editLimits } = set();
    await expect(editLimits.put('acme', 'crm', { ...limitOf('crm'), limit: 0 })).rejects.toThrow('/limit');
    await expect(editLimits.put('acme', 'crm', limitOf('slack'))).rejects.toThrow('/id');
    expect(store.limits.size).toBe(0);
  });

  it('lists all of them by id, with whose they are', async () => {
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
  it('publishes once what is asked for twice at the same time', async () => {
    const { topic, publishLimits } = set(limitOf('a'));
    await Promise.all([publishLimits.run(), publishLimits.run()]);
    expect(topic.publications).toMatchObject([{ publish: [limitOf('a')], lift: [] }]);
  });

  it('goes on after a run that failed', async () => {
    const { topic, publishLimits } = set(limitOf('a'));
    topic.unreachable = true;
    await expect(publishLimits.run()).rejects.toThrow('no broker');
    topic.unreachable = false;
    await expect(publishLimits.run()).resolves.toMatchObject({ publish: [limitOf('a')] });
  });
});

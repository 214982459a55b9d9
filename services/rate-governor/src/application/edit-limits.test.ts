import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { EditLimits } from './edit-limits.js';
import { FakeLimitStore } from './limit-store.fake.js';
import { FakeLimitTopic } from './limit-topic.fake.js';
import { PublishLimits } from './publish-limits.js';

const limitOf = (id: string, limit = 10): LimitPolicy => ({
  id,
  match: {},
  per: 'tenant',
  limit,
  window: '1s',
});

function set(...code: LimitPolicy[]) {
  const store = new FakeLimitStore();
  const topic = new FakeLimitTopic();
  const publishLimits = new PublishLimits(code, store, topic);
  return { store, topic, publishLimits, editLimits: new EditLimits(code, store, topic, publishLimits) };
}

describe('EditLimits', () => {
  it('puts a limit into force and takes it out again', async () => {
    const { topic, editLimits } = set();
    await expect(editLimits.put('crm', limitOf('crm'))).resolves.toEqual({
      policy: limitOf('crm'),
      source: 'api',
      published: true,
    });
    expect(topic.limits.get('crm')).toEqual(limitOf('crm'));
    await editLimits.remove('crm');
    expect(topic.limits.size).toBe(0);
    await expect(editLimits.find('crm')).rejects.toThrow('there is no limit "crm"');
    await expect(editLimits.remove('crm')).rejects.toThrow('there is no limit "crm"');
  });

  it('writes a limit down while the broker is away, and says that it is not in force', async () => {
    const { topic, publishLimits, editLimits } = set();
    topic.unreachable = true;
    await expect(editLimits.put('crm', limitOf('crm'))).resolves.toMatchObject({ published: false });
    topic.unreachable = false;
    await publishLimits.run();
    await expect(editLimits.find('crm')).resolves.toMatchObject({ published: true });
  });

  it('leaves what is code to code', async () => {
    const { store, editLimits } = set(limitOf('crm'));
    await expect(editLimits.put('crm', limitOf('crm', 99))).rejects.toThrow('is defined in code');
    await expect(editLimits.remove('crm')).rejects.toThrow('is defined in code');
    expect(store.limits.size).toBe(0);
  });

  it('refuses what is no limit, and another id than the one in the path', async () => {
    const { store, editLimits } = set();
    await expect(editLimits.put('crm', { ...limitOf('crm'), limit: 0 })).rejects.toThrow('/limit');
    await expect(editLimits.put('crm', limitOf('slack'))).rejects.toThrow('/id');
    expect(store.limits.size).toBe(0);
  });

  it('lists all of them by id, with where they are written down', async () => {
    const { editLimits } = set(limitOf('b'));
    await editLimits.put('a', limitOf('a'));
    const list = await editLimits.list();
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
    expect(topic.publications).toEqual([{ publish: [limitOf('a')], lift: [] }]);
  });

  it('goes on after a run that failed', async () => {
    const { topic, publishLimits } = set(limitOf('a'));
    topic.unreachable = true;
    await expect(publishLimits.run()).rejects.toThrow('no broker');
    topic.unreachable = false;
    await expect(publishLimits.run()).resolves.toMatchObject({ publish: [limitOf('a')] });
  });
});

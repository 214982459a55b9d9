import { sampleTool } from '@action-mesh/testing';

import { FakeToolSource } from './tool-source.fake.js';
import { FakeCatalogStore } from './catalog-store.fake.js';
import { FakeCatalogTopics } from './catalog-topics.fake.js';
import { PublishCatalog, type ProviderUrls } from './publish-catalog.js';
import { PublishTools } from './publish-tools.js';

function definition(slug: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    slug,
    version: '1.0.0',
    provider: { slug: 'acme', baseUrl: 'https://api.acme.test' },
    description: 'Does something.',
    input: { type: 'object' },
    http: { method: 'POST', path: `/${slug}` },
    ...changes,
  };
}

function set(providerUrls: ProviderUrls = {}, mode: 'production' | 'development' = 'production') {
  const source = new FakeToolSource();
  const store = new FakeCatalogStore();
  const topic = new FakeCatalogTopics();
  const isDevelopment = mode === 'development';
  const publishCatalog = new PublishCatalog(store, topic, { providerUrls, followLatest: isDevelopment });
  const options = { mayReplace: isDevelopment, today: () => '2026-11-25' };
  const publishTools = new PublishTools(source, store, publishCatalog, options);
  return { source, store, topic, publishCatalog, publishTools };
}

describe('PublishTools', () => {
  it('publishes the good and reports the bad, each by its source', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    source.files.set('b.js#tool', definition('b', { version: 'latest' }));
    source.files.set('c.js', new Error('unexpected token'));
    await expect(publishTools.run()).resolves.toEqual({
      published: ['a@1.0.0'],
      withdrawn: [],
      unchanged: 0,
      held: [],
      toolkits: ['acme@2026-11-25'],
      refused: [
        { source: 'c.js', problems: [{ pointer: '', message: 'unexpected token' }] },
        {
          source: 'b.js#tool',
          slug: 'b',
          problems: [{ pointer: '/version', message: 'must be a semantic version such as 1.4.0' }],
        },
      ],
    });
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('writes nothing when nothing changed', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    await expect(publishTools.run()).resolves.toMatchObject({ published: [], unchanged: 1 });
    expect(topic.changes).toHaveLength(1);
  });

  it('publishes once where two catalogs start at once', async () => {
    const { source, store, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await Promise.all([publishTools.run(), publishTools.run()]);
    expect((await store.find('acme'))?.dates).toEqual(['2026-11-25']);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('withdraws what is gone', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    source.files.set('b.js#tool', definition('b'));
    await publishTools.run();
    source.files.delete('a.js#tool');
    await expect(publishTools.run()).resolves.toMatchObject({ withdrawn: ['a@1.0.0'] });
    expect([...topic.tools.keys()]).toEqual(['b@1.0.0']);
  });

  it('sends the tools of a provider to where the operator says', async () => {
    const { source, topic, publishTools } = set({ acme: 'http://127.0.0.1:4000/sim' });
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    expect(topic.tools.get('a@1.0.0')?.provider).toEqual({
      slug: 'acme',
      base_url: 'http://127.0.0.1:4000/sim',
    });
  });

  it('says which of the operator’s URLs no tool asks for', async () => {
    const { source, publishTools, publishCatalog } = set({
      crm: 'https://staging.test',
      crn: 'https://x.test',
    });
    source.files.set(
      'a.js#tool',
      definition('a', { provider: { slug: 'crm', baseUrl: 'https://crm.test' } }),
    );
    await publishTools.run();
    expect(publishCatalog.unusedProviderUrls).toEqual(['crn']);
  });

  it('dates the toolkit when something in it changes, and moves stable there', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    source.files.set('a.js#tool', definition('a', { version: '1.1.0' }));
    await expect(publishTools.run()).resolves.toMatchObject({ toolkits: ['acme@2026-11-25.2'] });
    expect([...topic.toolkits.values()]).toEqual([
      { toolkit: 'acme', version: '2026-11-25', tools: { a: '1.0.0' }, channels: [] },
      { toolkit: 'acme', version: '2026-11-25.2', tools: { a: '1.1.0' }, channels: ['stable'] },
    ]);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0', 'a@1.1.0']);
  });

  it('lets latest be followed in development alone', async () => {
    const { source, topic, publishTools } = set({}, 'development');
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    expect(topic.toolkits.get('acme@2026-11-25')?.channels).toEqual(['stable', 'latest']);
  });

  it('takes a version back into use that is defined again', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    source.files.delete('a.js#tool');
    await publishTools.run();
    source.files.set('a.js#tool', definition('a'));
    await expect(publishTools.run()).resolves.toMatchObject({ published: ['a@1.0.0'], refused: [] });
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
    expect(topic.toolkits.get('acme@2026-11-25.3')?.tools).toEqual({ a: '1.0.0' });
  });

  it('refuses a name that belongs to another toolkit, and a toolkit that was imported', async () => {
    const { source, store, topic, publishTools } = set();
    await store.commit({ name: 'github', origin: 'import', revision: 0 });
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    source.files.set('b.js#tool', definition('a', { version: '2.0.0', toolkit: 'other' }));
    source.files.set('c.js#tool', definition('c', { toolkit: 'github' }));
    const { refused } = await publishTools.run();
    expect(refused.map(({ slug, problems }) => `${slug ?? ''} ${problems[0]?.pointer ?? ''}`)).toEqual([
      'a /slug',
      'c /toolkit',
    ]);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('gives a name that two toolkits want to neither, and writes the rest', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a', { toolkit: 'one' }));
    source.files.set('b.js#tool', definition('a', { version: '2.0.0', toolkit: 'two' }));
    source.files.set('c.js#tool', definition('c', { toolkit: 'two' }));
    const { refused } = await publishTools.run();
    expect(refused.map(({ source: file, problems }) => [file, problems[0]?.message])).toEqual([
      ['a.js#tool', 'is wanted by the toolkit "two"'],
      ['b.js#tool', 'is wanted by the toolkit "one"'],
    ]);
    expect([...topic.tools.keys()]).toEqual(['c@1.0.0']);
  });

  it('gives a name to the one that may have it, where another wants it for a toolkit that was imported', async () => {
    const { source, store, topic, publishTools } = set();
    await store.commit({ name: 'github', origin: 'import', revision: 0 });
    source.files.set('a.js#tool', definition('a', { toolkit: 'one' }));
    source.files.set('b.js#tool', definition('a', { version: '2.0.0', toolkit: 'github' }));
    const { refused } = await publishTools.run();
    expect(refused.map(({ source: file }) => file)).toEqual(['b.js#tool']);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('withdraws nothing that the record does not know: an empty database is no order to stop', async () => {
    const { topic, publishTools } = set();
    topic.tools.set('old@1.0.0', sampleTool({ slug: 'old' }));
    await publishTools.run();
    expect([...topic.tools.keys()]).toEqual(['old@1.0.0']);
  });

  it('has a report once it has run', async () => {
    const { publishTools } = set();
    expect(publishTools.report).toBeUndefined();
    const report = await publishTools.run();
    expect(publishTools.report).toBe(report);
  });
});

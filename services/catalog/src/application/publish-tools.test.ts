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

const missingEntry = (url: string): string | undefined =>
  url.startsWith('http:') ? new URL(url).host : undefined;

interface Setting {
  readonly mode?: 'production' | 'development';
  readonly owner?: string;
  readonly mayWithdraw?: boolean;
  /** The record and the topics of a running mesh. */
  readonly mesh?: { readonly store: FakeCatalogStore; readonly topic: FakeCatalogTopics };
}

function set(providerUrls: ProviderUrls = {}, setting: Setting = {}) {
  const { mode = 'production', owner = 'default', mayWithdraw = false } = setting;
  const source = new FakeToolSource();
  const { store, topic } = setting.mesh ?? { store: new FakeCatalogStore(), topic: new FakeCatalogTopics() };
  const isDevelopment = mode === 'development';
  const publishCatalog = new PublishCatalog(store, topic, {
    ...{ providerUrls, owner },
    followLatest: isDevelopment,
  });
  const options = { owner, isDevelopment, mayWithdraw, missingEntry, today: () => '2026-11-25' };
  const publishTools = new PublishTools(source, store, publishCatalog, options);
  return { source, store, topic, publishCatalog, publishTools };
}

describe('PublishTools', () => {
  it('publishes good tools and reports bad ones, each with its source', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    source.files.set('b.js#tool', definition('b', { version: 'latest' }));
    source.files.set('c.js', new Error('unexpected token'));
    await expect(publishTools.run()).resolves.toEqual({
      published: ['a@1.0.0'],
      withdrawn: [],
      unchanged: 0,
      held: [],
      unconfirmed: [],
      unreachable: [],
      locations: [{ location: './tools', tools: 1, refused: 1 }],
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

  it('writes nothing without a change', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    await expect(publishTools.run()).resolves.toMatchObject({ published: [], unchanged: 1 });
    expect(topic.changes).toHaveLength(1);
  });

  it('publishes once if two catalogs start at once', async () => {
    const { source, store, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    await Promise.all([publishTools.run(), publishTools.run()]);
    expect((await store.find('acme'))?.dates).toEqual(['2026-11-25']);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('withdraws removed tools after a confirmation', async () => {
    const { source, topic, publishTools } = set({}, { mayWithdraw: true });
    source.files.set('a.js#tool', definition('a'));
    source.files.set('b.js#tool', definition('b'));
    await publishTools.run();
    source.files.delete('a.js#tool');
    await expect(publishTools.run()).resolves.toMatchObject({ withdrawn: ['a@1.0.0'] });
    expect([...topic.tools.keys()]).toEqual(['b@1.0.0']);
  });

  it("publishes the operator's base URL for the tools of a provider", async () => {
    const { source, topic, publishTools } = set({ acme: 'http://127.0.0.1:4000/sim' });
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    expect(publishTools.report?.unreachable).toEqual([
      { source: 'a.js#tool', baseUrl: 'http://127.0.0.1:4000/sim', entry: '127.0.0.1:4000' },
    ]);
    expect(topic.tools.get('a@1.0.0')?.provider).toEqual({
      slug: 'acme',
      base_url: 'http://127.0.0.1:4000/sim',
    });
  });

  it("names the operator's URLs that no tool uses", async () => {
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

  it('gives a changed toolkit a date, and moves stable there', async () => {
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

  it('allows latest in development only', async () => {
    const { source, topic, publishTools } = set({}, { mode: 'development' });
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    expect(topic.toolkits.get('acme@2026-11-25')?.channels).toEqual(['stable', 'latest']);
  });

  it('keeps removed tools without a confirmation, and reports them (P3)', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a'));
    source.files.set('b.js#tool', definition('b'));
    await publishTools.run();
    source.files.delete('a.js#tool');
    await expect(publishTools.run()).resolves.toMatchObject({ withdrawn: [], unconfirmed: ['a@1.0.0'] });
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(topic.toolkits.get('acme@2026-11-25')?.tools).toEqual({ a: '1.0.0', b: '1.0.0' });
  });

  it('withdraws in development the tools that an edit removes, and keeps those of another start (P3)', async () => {
    const mesh = { store: new FakeCatalogStore(), topic: new FakeCatalogTopics() };
    const first = set({}, { mode: 'development', mesh });
    first.source.files.set('a.js#tool', definition('a'));
    first.source.files.set('b.js#tool', definition('b'));
    await first.publishTools.run();

    const second = set({}, { mode: 'development', mesh });
    second.source.files.set('b.js#tool', definition('b'));
    second.source.files.set('c.js#tool', definition('c'));
    await expect(second.publishTools.run()).resolves.toMatchObject({ unconfirmed: ['a@1.0.0'] });
    second.source.files.delete('c.js#tool');
    await expect(second.publishTools.run()).resolves.toMatchObject({ withdrawn: ['c@1.0.0'] });
    expect([...mesh.topic.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
  });

  it('never changes the tools of another deployment, even after a confirmation', async () => {
    const mesh = { store: new FakeCatalogStore(), topic: new FakeCatalogTopics() };
    const running = set({ acme: 'http://127.0.0.1:4000' }, { owner: 'team-a', mesh });
    running.source.files.set('a.js#tool', definition('a'));
    await running.publishTools.run();

    const other = set({}, { owner: 'team-b', mayWithdraw: true, mesh });
    other.source.files.set('b.js#tool', definition('b', { toolkit: 'other' }));
    other.source.files.set('c.js#tool', definition('c'));
    const { withdrawn, unconfirmed, refused } = await other.publishTools.run();
    expect({ withdrawn, unconfirmed }).toEqual({ withdrawn: [], unconfirmed: [] });
    expect(refused.map(({ source: file, problems }) => [file, problems[0]?.message])).toEqual([
      [
        'c.js#tool',
        '"acme" is a toolkit of the deployment "team-a": give the tool another toolkit, or deploy it with CATALOG_OWNER=team-a',
      ],
    ]);
    expect([...mesh.topic.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(mesh.topic.tools.get('a@1.0.0')?.provider.base_url).toBe('http://127.0.0.1:4000');
  });

  it('restores a withdrawn version that is defined again', async () => {
    const { source, topic, publishTools } = set({}, { mayWithdraw: true });
    source.files.set('a.js#tool', definition('a'));
    await publishTools.run();
    source.files.delete('a.js#tool');
    await publishTools.run();
    source.files.set('a.js#tool', definition('a'));
    await expect(publishTools.run()).resolves.toMatchObject({ published: ['a@1.0.0'], refused: [] });
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
    expect(topic.toolkits.get('acme@2026-11-25.3')?.tools).toEqual({ a: '1.0.0' });
  });

  it('refuses a name of another toolkit, and an imported toolkit', async () => {
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

  it('refuses a name that two toolkits claim, and writes the rest', async () => {
    const { source, topic, publishTools } = set();
    source.files.set('a.js#tool', definition('a', { toolkit: 'one' }));
    source.files.set('b.js#tool', definition('a', { version: '2.0.0', toolkit: 'two' }));
    source.files.set('c.js#tool', definition('c', { toolkit: 'two' }));
    const { refused } = await publishTools.run();
    expect(refused.map(({ source: file, problems }) => [file, problems[0]?.message])).toEqual([
      ['a.js#tool', 'is claimed by the toolkit "two" (b.js#tool)'],
      ['b.js#tool', 'is claimed by the toolkit "one" (a.js#tool)'],
    ]);
    expect([...topic.tools.keys()]).toEqual(['c@1.0.0']);
  });

  it('gives a name to a toolkit of code if only an imported toolkit competes for it', async () => {
    const { source, store, topic, publishTools } = set();
    await store.commit({ name: 'github', origin: 'import', revision: 0 });
    source.files.set('a.js#tool', definition('a', { toolkit: 'one' }));
    source.files.set('b.js#tool', definition('a', { version: '2.0.0', toolkit: 'github' }));
    const { refused } = await publishTools.run();
    expect(refused.map(({ source: file }) => file)).toEqual(['b.js#tool']);
    expect([...topic.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('withdraws nothing that the record does not know: an empty database withdraws nothing', async () => {
    const { topic, publishTools } = set();
    topic.tools.set('old@1.0.0', sampleTool({ slug: 'old' }));
    await publishTools.run();
    expect([...topic.tools.keys()]).toEqual(['old@1.0.0']);
  });

  it('has a report after its run', async () => {
    const { publishTools } = set();
    expect(publishTools.report).toBeUndefined();
    const report = await publishTools.run();
    expect(publishTools.report).toBe(report);
  });
});

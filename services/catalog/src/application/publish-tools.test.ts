import { FakeToolSource } from './tool-source.fake.js';
import { FakeToolTopic } from './tool-topic.fake.js';
import { PublishTools, type ProviderUrls } from './publish-tools.js';

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

function set(providerUrls: ProviderUrls = {}) {
  const source = new FakeToolSource();
  const topic = new FakeToolTopic();
  return {
    source,
    topic,
    publishTools: new PublishTools(source, topic, { providerUrls, mayReplace: false }),
  };
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

  it('has a report once it has run', async () => {
    const { publishTools } = set();
    expect(publishTools.report).toBeUndefined();
    const report = await publishTools.run();
    expect(publishTools.report).toBe(report);
  });
});

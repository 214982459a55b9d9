import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';

import { FakeCatalogStore } from './catalog-store.fake.js';
import { FakeCatalogTopics } from './catalog-topics.fake.js';
import { ImportToolkit } from './import-toolkit.js';
import { PublishCatalog } from './publish-catalog.js';
import { ReviewOverrides } from './review-overrides.js';
import { SettleToolkit } from './settle-toolkit.js';
import { ToolkitChanges } from './toolkit-changes.js';
import { ToolkitAdministration } from './toolkit-administration.js';

function tool(slug: string, parts: Partial<Tool> = {}): Tool {
  return sampleTool({
    slug,
    http: { method: 'POST', path: `/${slug}`, parameters: [], headers: {} },
    effect: { class: 'opaque' },
    ...parts,
  });
}

const source = { document: 'crm.json', title: 'CRM', digest: 'a'.repeat(64), select: [] };
const options = { providerUrls: {}, owner: 'default', followLatest: false };
const body = (...tools: readonly Tool[]): unknown => ({ source, tools });

function set() {
  const store = new FakeCatalogStore();
  const topics = new FakeCatalogTopics();
  const publishCatalog = new PublishCatalog(store, topics, options);
  const changes = new ToolkitChanges();
  const settleToolkit = new SettleToolkit(store, publishCatalog, changes, () => '2026-11-25');
  return {
    store,
    topics,
    publishCatalog,
    importToolkit: new ImportToolkit(store, settleToolkit),
    overrides: new ReviewOverrides(store, settleToolkit, changes),
    administration: new ToolkitAdministration(store, publishCatalog, changes),
  };
}

/** The publication of an instance that ends before it can publish. */
function unreachable(store: FakeCatalogStore): PublishCatalog {
  const topics = new FakeCatalogTopics();
  topics.unreachable = true;
  return new PublishCatalog(store, topics, options);
}

/** The tool has no visible defect. */
const unusable: Partial<Tool> = {
  input: { type: 'object', properties: { a: { minimun: 1 } }, additionalProperties: false },
  examples: [],
};

const needsMore: Partial<Tool> = {
  input: { type: 'object', properties: { email: { type: 'string' } }, required: ['email', 'company'] },
};

describe('ImportToolkit', () => {
  it('publishes the tools of a document, with a date and stable', async () => {
    const { topics, importToolkit } = set();
    await expect(importToolkit.run('crm', body(tool('a'), tool('b')))).resolves.toMatchObject({
      release: '2026-11-25',
      isNew: true,
      tools: 2,
      stable: '2026-11-25',
      refused: [],
      published: true,
    });
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(topics.toolkits.get('crm@2026-11-25')).toMatchObject({ channels: ['stable'] });
  });

  it('changes nothing at a second import', async () => {
    const { topics, importToolkit } = set();
    await importToolkit.run('crm', body(tool('a')));
    await expect(importToolkit.run('crm', body(tool('a')))).resolves.toMatchObject({
      release: '2026-11-25',
      isNew: false,
      differences: [],
    });
    expect(topics.changes).toHaveLength(1);
  });

  it('accepts good tools and refuses bad ones, each with its reason', async () => {
    const { store, importToolkit } = set();
    await store.commit({
      name: 'other',
      origin: 'code',
      revision: 0,
      newTools: [tool('taken', { toolkit: 'other' })],
    });
    const { refused, tools } = await importToolkit.run(
      'crm',
      body(
        tool('a'),
        tool('a'),
        tool('taken'),
        tool('b', { toolkit: 'x' }),
        tool('c', { timeout_ms: -1 }),
        tool('d', unusable),
        tool('e', { http: { ...tool('e').http, headers: { authorization: 'Bearer x' } } }),
        tool('f', { http: { ...tool('f').http, method: 'GET' } }),
        tool('g', { provider: { slug: 'crm', base_url: 'https://ada:x@crm.test' } }),
        tool('j', { description: 'half a character: \ud800' }),
        tool('h', { retry: { max_attempts: 1, initial_backoff_ms: 2, max_backoff_ms: 1 } }),
      ),
    );
    expect(tools).toBe(1);
    expect(refused.map(({ slug, problems }) => `${slug} ${problems[0]?.pointer ?? ''}`)).toEqual([
      'a /slug',
      'taken /slug',
      'b /toolkit',
      'c /timeout_ms',
      'd /input',
      'e /http/headers/authorization',
      'f /http/parameters',
      'g /provider/base_url',
      'j /description',
      'h /retry/max_backoff_ms',
    ]);
  });

  it('accepts former names only if no other tool has them, in any toolkit', async () => {
    const { store, importToolkit } = set();
    await store.commit({
      name: 'other',
      origin: 'code',
      revision: 0,
      newTools: [tool('taken', { toolkit: 'other' })],
    });
    await importToolkit.run('crm', body(tool('old_name')));
    const { refused } = await importToolkit.run(
      'crm',
      body(
        tool('a', { aliases: ['taken', 'b', 'old_name', 'a'] }),
        tool('b', { aliases: ['old_name', 'fresh'] }),
        tool('c', { aliases: ['No Name'] }),
      ),
    );
    expect(refused.map(({ slug }) => slug)).toEqual(['c']);
    const tools = await store.find('crm');
    expect((tools?.imported ?? []).map(({ slug, aliases }) => [slug, aliases])).toEqual([
      ['a', ['old_name']],
      ['b', ['fresh']],
    ]);
  });

  it.each<[string, unknown]>([
    ['no object', 7],
    ['no tools', { source, tools: [] }],
    ['no source', { tools: [tool('a')] }],
    ['only tools that are refused', body(tool('a', { timeout_ms: -1 }))],
  ])('refuses %s', async (_, given) => {
    const { importToolkit } = set();
    await expect(importToolkit.run('crm', given)).rejects.toMatchObject({ code: 'CATALOG_INVALID' });
  });

  it('does not change a toolkit of code', async () => {
    const { store, importToolkit } = set();
    await store.commit({ name: 'crm', origin: 'code', revision: 0 });
    await expect(importToolkit.run('crm', body(tool('a')))).rejects.toMatchObject({
      code: 'CATALOG_REFUSED',
    });
  });

  it('stores an import while the broker is away, and publishes it later', async () => {
    const { topics, publishCatalog, importToolkit } = set();
    topics.unreachable = true;
    await expect(importToolkit.run('crm', body(tool('a')))).resolves.toMatchObject({ published: false });
    topics.unreachable = false;
    await publishCatalog.run();
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('publishes the import of another instance that died before its publication', async () => {
    const { store, topics, publishCatalog } = set();
    const other = new SettleToolkit(store, unreachable(store), new ToolkitChanges(), () => '2026-11-25');
    await new ImportToolkit(store, other).run('crm', body(tool('a')));
    await publishCatalog.run();
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0']);
  });

  it('does not read an unchanged catalog again', async () => {
    const { topics, publishCatalog, importToolkit } = set();
    await importToolkit.run('crm', body(tool('a')));
    topics.tools.clear();
    await publishCatalog.run();
    expect(topics.tools.size).toBe(0);
  });

  it('keeps the former version of a refused tool, and withdraws nothing for it (P4)', async () => {
    const { topics, importToolkit } = set();
    await importToolkit.run('crm', body(tool('a'), tool('b')));
    const { refused, differences, isNew } = await importToolkit.run(
      'crm',
      body(tool('a'), tool('b', { timeout_ms: -1 })),
    );
    expect([refused.map(({ slug }) => slug), differences, isNew]).toEqual([['b'], [], false]);
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
  });

  it('counts tokens itself, and accepts the names of object properties as names of tools', async () => {
    const { topics, importToolkit } = set();
    await importToolkit.run('crm', body(tool('constructor', { token_cost: 2 ** 40 }), tool('b')));
    expect(topics.tools.get('constructor@1.0.0')?.token_cost).toBeLessThan(1_000);
    const { differences, held } = await importToolkit.run('crm', body(tool('b')));
    expect(differences).toMatchObject([{ slug: 'constructor', kind: 'breaking' }]);
    expect(held).toBeDefined();
  });

  it('runs two simultaneous imports one after the other', async () => {
    const { store, importToolkit } = set();
    await Promise.all([
      importToolkit.run('crm', body(tool('a'))),
      importToolkit.run('crm', body(tool('a', { title: 'Another' }))),
    ]);
    const stored = await store.find('crm');
    expect(stored?.keys).toEqual(['a@1.0.0', 'a@1.0.1']);
    expect(stored?.dates).toEqual(['2026-11-25', '2026-11-25.2']);
  });
});

describe('a tool that returns unchanged', () => {
  it('is published again under its withdrawn version', async () => {
    const { topics, importToolkit, administration } = set();
    await importToolkit.run('crm', body(tool('a'), tool('b')));
    await importToolkit.run('crm', body(tool('b')));
    await administration.setStable('crm', '2026-11-25.2');
    await administration.retire('crm', '2026-11-25');
    expect([...topics.tools.keys()]).toEqual(['b@1.0.0']);
    await importToolkit.run('crm', body(tool('a'), tool('b')));
    expect([...topics.tools.keys()].sort()).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(topics.toolkits.get('crm@2026-11-25.3')).toMatchObject({ channels: ['stable'] });
  });
});

describe('stable', () => {
  it('stays behind a breaking change until a person moves it, and can move back', async () => {
    const { topics, importToolkit, administration } = set();
    await importToolkit.run('crm', body(tool('a')));
    await expect(importToolkit.run('crm', body(tool('a', needsMore)))).resolves.toMatchObject({
      stable: '2026-11-25',
      held: expect.stringContaining('breaks callers') as unknown,
    });
    await expect(administration.compare('crm', '2026-11-25', '2026-11-25.2')).resolves.toMatchObject([
      { slug: 'a', was: '1.0.0', is: '2.0.0', kind: 'breaking' },
    ]);
    await administration.setStable('crm', '2026-11-25.2');
    expect(topics.toolkits.get('crm@2026-11-25.2')?.channels).toEqual(['stable']);
    expect(topics.toolkits.get('crm@2026-11-25')?.channels).toEqual([]);
    await expect(administration.setStable('crm', '2026-11-25')).resolves.toMatchObject({
      stable: '2026-11-25',
    });
    // The new position is published before the old one is removed, so `stable` is never missing.
    expect(topics.changes.at(-1)?.toolkits.map(({ version }) => version)).toEqual([
      '2026-11-25',
      '2026-11-25.2',
    ]);
    await expect(administration.setStable('crm', '2025-01-01')).rejects.toMatchObject({
      code: 'CATALOG_NOT_FOUND',
    });
  });

  it('keeps its date in use; another date can be retired, with the versions that it alone holds', async () => {
    const { topics, importToolkit, administration } = set();
    for (const title of ['One', 'Two', 'Three'])
      await importToolkit.run('crm', body(tool('a', { title }), tool('b')));
    await expect(administration.retire('crm', '2026-11-25.3')).rejects.toMatchObject({
      code: 'CATALOG_REFUSED',
    });
    await expect(administration.retire('crm', '2026-11-25')).resolves.toMatchObject({
      versions: ['2026-11-25.3', '2026-11-25.2'],
    });
    expect([...topics.tools.keys()].sort()).toEqual(['a@1.0.1', 'a@1.0.2', 'b@1.0.0']);
    expect([...topics.toolkits.keys()]).toEqual(['crm@2026-11-25.2', 'crm@2026-11-25.3']);
    await importToolkit.run('crm', body(tool('a', { title: 'Four' }), tool('b')));
    await expect(administration.find('crm')).resolves.toMatchObject({ latest: '2026-11-25.4' });
  });
});

describe('deleting a toolkit', () => {
  async function imported() {
    const parts = set();
    await parts.importToolkit.run('crm', body(tool('a'), tool('b')));
    await parts.importToolkit.run('crm', body(tool('a', { title: 'New' }), tool('b')));
    await parts.importToolkit.run('other', body(tool('c', { toolkit: 'other' })));
    return parts;
  }

  it.each([undefined, '', 'other', 'CRM'])(
    'lists the deletions, and deletes nothing, with the confirmation %j',
    async (confirm) => {
      const { topics, administration } = await imported();
      await expect(administration.remove('crm', confirm)).rejects.toMatchObject({
        code: 'CATALOG_REFUSED',
        message: expect.stringMatching(
          /withdraws 3 tool versions in 2 dates \(a@1\.0\.0, a@1\.0\.1, b@1\.0\.0\).*\?confirm=crm/,
        ) as unknown,
      });
      expect(topics.tools.size).toBe(4);
    },
  );

  it('withdraws the dates and tools of this toolkit only', async () => {
    const { topics, administration } = await imported();
    await expect(administration.remove('crm', 'crm')).resolves.toEqual({
      toolkit: 'crm',
      retired: ['2026-11-25.2', '2026-11-25'],
      withdrawn: { count: 3, tools: ['a@1.0.0', 'a@1.0.1', 'b@1.0.0'] },
      published: true,
    });
    expect([...topics.tools.keys()]).toEqual(['c@1.0.0']);
    expect([...topics.toolkits.keys()]).toEqual(['other@2026-11-25']);
    expect((await administration.list()).map(({ toolkit }) => toolkit)).toEqual(['other']);
    for (const again of [
      administration.find('crm'),
      administration.remove('crm', 'crm'),
      administration.remove('none', 'none'),
    ])
      await expect(again).rejects.toMatchObject({ code: 'CATALOG_NOT_FOUND' });
  });

  it('deletes its overrides and keeps its numbers: a later import continues them and is stable', async () => {
    const { topics, administration, overrides, importToolkit } = await imported();
    await overrides.propose('crm', 'a', { patch: { description: 'Ours.' } }, 'ada');
    await overrides.approve('crm', 'a', 1, 'grace');
    await administration.remove('crm', 'crm');
    await importToolkit.run('crm', body(tool('a', { title: 'Newer' })));
    await expect(administration.find('crm')).resolves.toMatchObject({ stable: '2026-11-25.4', tools: 1 });
    const keys = [...topics.tools.keys()].filter((key) => key.startsWith('a@'));
    expect(keys).toHaveLength(1);
    expect(['a@1.0.0', 'a@1.0.1', 'a@1.0.2']).not.toContain(keys[0]);
    expect(topics.tools.get(keys[0] ?? '')?.description).not.toBe('Ours.');
  });

  it('is refused for a toolkit of code', async () => {
    const { store, administration } = set();
    await store.commit({ name: 'mine', origin: 'code', revision: 0, newTools: [tool('a')] });
    await expect(administration.remove('mine', 'mine')).rejects.toMatchObject({
      code: 'CATALOG_REFUSED',
      message: expect.stringContaining('toolkit of code') as unknown,
    });
  });
});

describe('ReviewOverrides', () => {
  const proposal = {
    patch: { description: 'Ours.' },
    note: 'The model could not tell the two apart.',
  };

  async function withProposal() {
    const parts = set();
    await parts.importToolkit.run('crm', body(tool('a'), tool('b')));
    return { ...parts, proposed: await parts.overrides.propose('crm', 'a', proposal, 'ada') };
  }

  it('shows the result of a proposal, and changes nothing yet', async () => {
    const { proposed, topics, administration } = await withProposal();
    expect(proposed).toMatchObject({
      override: { revision: 1, state: 'proposed', author: 'ada' },
      differences: [{ slug: 'a', kind: 'text' }],
      release: '2026-11-25.2',
    });
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0']);
    await expect(administration.find('crm')).resolves.toMatchObject({ proposed: 1, latest: '2026-11-25' });
  });

  it('puts an override into force after another person approves it, also over the next import', async () => {
    const { topics, overrides, importToolkit } = await withProposal();
    await expect(overrides.approve('crm', 'a', 1, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_REFUSED',
    });
    await expect(overrides.approve('crm', 'a', 1, 'grace')).resolves.toMatchObject({
      override: { state: 'approved', reviewer: 'grace' },
      release: '2026-11-25.2',
      stable: '2026-11-25.2',
    });
    expect(topics.tools.get('a@1.0.1')?.description).toBe('Ours.');
    await importToolkit.run('crm', body(tool('a', { timeout_ms: 9 }), tool('b')));
    expect(topics.tools.get('a@1.1.0')).toMatchObject({ description: 'Ours.', timeout_ms: 9 });
  });

  it('lists a conflict while the document differs from the one that the override was written for', async () => {
    const { overrides, importToolkit } = await withProposal();
    await overrides.approve('crm', 'a', 1, 'grace');
    await expect(overrides.list('crm')).resolves.toMatchObject({ conflicts: [] });
    const { held } = await importToolkit.run(
      'crm',
      body(tool('a', { description: 'Theirs.', timeout_ms: 9 }), tool('b')),
    );
    expect(held).toContain('overrides conflict');
    await expect(overrides.list('crm')).resolves.toMatchObject({
      conflicts: [{ slug: 'a', revision: 1, conflicts: [{ pointer: '/description' }] }],
    });
    await overrides.propose('crm', 'a', proposal, 'ada');
    await overrides.approve('crm', 'a', 2, 'grace');
    await expect(overrides.list('crm')).resolves.toMatchObject({ conflicts: [] });
  });

  it('accepts all of many simultaneous proposals', async () => {
    const { overrides } = await withProposal();
    const proposed = await Promise.all(
      Array.from({ length: 20 }, () => overrides.propose('crm', 'a', proposal, 'ada')),
    );
    expect(new Set(proposed.map(({ override }) => override.revision)).size).toBe(20);
  });

  it('refuses approval by the author, also under the name in other letters', async () => {
    const { overrides } = await withProposal();
    await expect(overrides.approve('crm', 'a', 1, 'ADA')).rejects.toThrow('cannot approve it');
    await expect(overrides.approve('crm', 'a', 1, 'grace')).resolves.toMatchObject({
      override: { author: 'ada', reviewer: 'grace' },
    });
  });

  it.each([
    ['a note that PostgreSQL cannot store', { ...proposal, note: 'x\u0000' }],
    ['an author in the body', { ...proposal, by: 'grace' }],
    ['half a character', { ...proposal, patch: { description: '\ud800' } }],
  ])('refuses %s', async (_, given) => {
    const { overrides } = await withProposal();
    await expect(overrides.propose('crm', 'a', given, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
  });

  it('accepts one decision', async () => {
    const { overrides } = await withProposal();
    await overrides.reject('crm', 'a', 1, 'grace');
    await expect(overrides.approve('crm', 'a', 1, 'grace')).rejects.toThrow('is already rejected');
  });

  it('approves only an override that still fits: its name is free and its arguments exist', async () => {
    const { topics, overrides, importToolkit } = await withProposal();
    const rename = { patch: { rename: 'c' } };
    await overrides.propose('crm', 'a', rename, 'ada');
    await overrides.propose('crm', 'b', rename, 'ada');
    await overrides.approve('crm', 'a', 2, 'grace');
    await expect(overrides.approve('crm', 'b', 1, 'grace')).rejects.toMatchObject({
      problems: [{ pointer: '/rename' }],
    });
    expect([...topics.tools.keys()]).toEqual(['a@1.0.0', 'b@1.0.0', 'c@1.0.0']);
    await overrides.propose(
      'crm',
      'b',
      { patch: { arguments: { email: { description: 'Whose.' } } } },
      'ada',
    );
    const without = { type: 'object', properties: {}, additionalProperties: false } as Tool['input'];
    await importToolkit.run('crm', body(tool('a'), tool('b', { input: without, examples: [] })));
    await expect(overrides.approve('crm', 'b', 2, 'grace')).rejects.toMatchObject({
      problems: [{ pointer: '/arguments/email' }],
    });
  });

  it('lists the overrides in conflict', async () => {
    const { overrides, importToolkit } = await withProposal();
    await overrides.approve('crm', 'a', 1, 'grace');
    await importToolkit.run('crm', body(tool('a', { description: 'Theirs.' }), tool('b')));
    await expect(overrides.propose('crm', 'b', proposal, 'ada')).resolves.toMatchObject({
      conflicts: [{ slug: 'a', revision: 1 }],
    });
  });

  it('replaces the former override, and an empty one takes it back', async () => {
    const { topics, overrides } = await withProposal();
    await overrides.approve('crm', 'a', 1, 'grace');
    await overrides.propose('crm', 'a', { patch: {} }, 'grace');
    await overrides.approve('crm', 'a', 2, 'ada');
    expect(topics.tools.get('a@1.0.2')?.description).toBe(tool('a').description);
    const states = (await overrides.list('crm')).overrides.map(({ state }) => state);
    expect(states).toEqual(['superseded', 'approved']);
  });

  it('refuses an unknown tool, a name in use, and a toolkit of code', async () => {
    const { store, overrides } = await withProposal();
    await expect(overrides.propose('crm', 'nope', proposal, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_NOT_FOUND',
    });
    await expect(overrides.propose('nope', 'a', proposal, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_NOT_FOUND',
    });
    await expect(overrides.propose('crm', 'a', { patch: { rename: 'b' } }, 'ada')).rejects.toMatchObject({
      problems: [{ pointer: '/rename' }],
    });
    await expect(overrides.propose('crm', 'a', { patch: { x: 1 } }, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
    });
    await store.commit({
      name: 'own',
      origin: 'code',
      revision: 0,
      newTools: [tool('c', { toolkit: 'own' })],
    });
    await expect(overrides.propose('crm', 'a', { patch: { rename: 'c' } }, 'ada')).rejects.toMatchObject({
      problems: [{ pointer: '/rename' }],
    });
    await expect(overrides.propose('own', 'c', proposal, 'ada')).rejects.toMatchObject({
      code: 'CATALOG_REFUSED',
    });
    await expect(overrides.approve('crm', 'a', 7, 'grace')).rejects.toMatchObject({
      code: 'CATALOG_NOT_FOUND',
    });
  });
});

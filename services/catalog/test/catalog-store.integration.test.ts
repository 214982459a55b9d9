import { fileURLToPath } from 'node:url';

import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { createPool, migrate } from '@action-mesh/postgres';
import { leakCheck, sampleTool } from '@action-mesh/testing';
import type pg from 'pg';

import { PostgresCatalogStore } from '../src/adapters/postgres/postgres-catalog-store.js';
import { FakeCatalogStore } from '../src/application/catalog-store.fake.js';
import type {
  CatalogStore,
  StoredOverride,
  ToolkitRevisions,
} from '../src/application/catalog-store.port.js';

let database: OwnDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  const schema = 'catalog';
  const folder = fileURLToPath(new URL('../migrations', import.meta.url));
  await migrate({ url: database.url, schema, folder });
  pool = createPool({ url: database.url, schema, applicationName: 'test', maxConnections: 4 });
  // All connections are opened before the first test. Otherwise the leak check would blame that test.
  await Promise.all(Array.from({ length: 4 }, () => pool.query('SELECT pg_sleep(0.05)')));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

leakCheck();

/** All tests of one database share its names, so each test uses its own. */
let tests = 0;

function tool(slug: string, version: string, parts: Partial<Tool> = {}): Tool {
  return sampleTool({ slug, version, ...parts });
}

const stores: readonly (readonly [string, () => CatalogStore])[] = [
  ['in memory', () => new FakeCatalogStore()],
  ['in PostgreSQL', () => new PostgresCatalogStore(pool)],
];

describe.each(stores)('the record of tools %s', (_, open) => {
  let store: CatalogStore;
  let name: string;
  let slug: string;

  beforeEach(() => {
    store = open();
    tests += 1;
    name = `kit_${tests}`;
    slug = `kit_${tests}_a`;
  });

  const override = (revision: number, state: StoredOverride['state']): StoredOverride => ({
    slug,
    revision,
    state,
    patch: { description: 'Ours.' },
    base: { '/description': 'Theirs.' },
    author: 'ada',
  });

  it('returns the written toolkit, with its members in their order', async () => {
    const input = {
      type: 'object',
      properties: { z: { type: 'string' }, a: { type: 'string' } },
    } as Tool['input'];
    const first = tool(slug, '1.0.0', { input });
    const { version: _version, ...imported } = first;
    const source = { document: 'crm.json', title: 'CRM', digest: 'a'.repeat(64), select: ['tag:x'] };
    await store.commit({
      name,
      origin: 'import',
      revision: 0,
      newTools: [first],
      release: { version: '2026-11-25', tools: { [slug]: '1.0.0' } },
      stable: '2026-11-25',
      source,
      imported: [imported],
      overrides: [override(1, 'proposed')],
    });
    const found = await store.find(name);
    expect(found).toMatchObject({
      origin: 'import',
      revision: 1,
      stable: '2026-11-25',
      source,
      releases: [{ version: '2026-11-25', tools: { [slug]: '1.0.0' } }],
      overrides: [override(1, 'proposed')],
    });
    expect(JSON.stringify(found?.tools[0]?.input)).toBe(JSON.stringify(input));
    expect(JSON.stringify(found?.imported[0]?.input)).toBe(JSON.stringify(input));
    expect(await store.names()).toContain(name);
    expect(await store.owners([slug, 'nobody'])).toEqual(new Map([[slug, name]]));
    expect(await store.find('nothing')).toBeUndefined();
  });

  it('returns hundreds of tools unchanged, in their order', async () => {
    const slugs = Array.from({ length: 250 }, (_, index) => `${name}_${(index * 97) % 250}`);
    const imported = slugs.map((each) => {
      const { version: _version, ...rest } = tool(each, '1.0.0');
      return rest;
    });
    const newTools = slugs.map((each) => tool(each, '1.0.0'));
    await store.commit({ name, origin: 'import', revision: 0, newTools, imported });
    const replacedTools = slugs.map((each) => tool(each, '1.0.0', { description: `Says ${each}.` }));
    await store.commit({ name, origin: 'import', revision: 1, replacedTools });
    const found = await store.find(name);
    expect(found?.imported.map((each) => each.slug)).toEqual(slugs);
    expect(new Set(found?.tools.map(({ description }) => description))).toEqual(
      new Set(slugs.map((each) => `Says ${each}.`)),
    );
  });

  it('summarizes toolkits without their tools', async () => {
    const newTools = [
      tool(slug, '1.0.0', { token_cost: 100 }),
      tool(slug, '1.1.0', { token_cost: 10 }),
      tool(`${slug}_b`, '1.0.0', { token_cost: 5 }),
    ];
    const change = { name, origin: 'import' } as const;
    const first = { version: '2026-11-25.9', tools: { [slug]: '1.0.0' } };
    await store.commit({ ...change, revision: 0, newTools, release: first, stable: first.version });
    const newest = { version: '2026-11-25.10', tools: { [slug]: '1.1.0', [`${slug}_b`]: '1.0.0' } };
    const overrides = [override(1, 'proposed'), override(2, 'rejected')];
    await store.commit({ ...change, revision: 1, release: newest, overrides });
    const summary = {
      ...{ name, origin: 'import', stable: first.version, versions: [newest.version, first.version] },
      ...{ tools: 2, tokenCost: 15, proposed: 1 },
    };
    expect(await store.summaries(name)).toEqual([summary]);
    await store.commit({ name: `${name}_empty`, origin: 'code', owner: 'default', revision: 0 });
    const empty = {
      name: `${name}_empty`,
      origin: 'code',
      versions: [],
      tools: 0,
      tokenCost: 0,
      proposed: 0,
    };
    const all = await store.summaries();
    expect(all).toEqual(expect.arrayContaining([summary, empty]));
    expect(all.map((each) => each.name)).toEqual(await store.names());
    expect(await store.summaries('nothing')).toEqual([]);
    await store.commit({ ...change, revision: 2, retire: [newest.version], withdraw: [`${slug}@1.1.0`] });
    expect(await store.summaries(name)).toMatchObject([
      { versions: [first.version], tools: 1, tokenCost: 100 },
    ]);
  });

  it('returns the newest version of each tool, and others by key', async () => {
    const [old, now, other] = [tool(slug, '1.9.0'), tool(slug, '1.10.0'), tool(`${slug}_b`, '1.0.0')];
    await store.commit({ name, origin: 'import', revision: 0, newTools: [now, old, other] });
    const found = await store.find(name);
    expect(found?.keys.toSorted()).toEqual([`${slug}@1.10.0`, `${slug}@1.9.0`, `${slug}_b@1.0.0`]);
    expect(found?.tools.map(ToolPublished.key).toSorted()).toEqual([`${slug}@1.10.0`, `${slug}_b@1.0.0`]);
    expect(await store.tools([`${slug}@1.9.0`, `${slug}@7.0.0`])).toEqual([old]);
    expect(await store.tools([])).toEqual([]);
  });

  it('accepts one of two simultaneous changes of a toolkit', async () => {
    const change = (version: string) =>
      store.commit({ name, origin: 'import', revision: 0, newTools: [tool(slug, version)] });
    const settled = await Promise.allSettled([change('1.0.0'), change('1.1.0')]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CATALOG_TOOLKIT_CHANGED' },
    });
    const stored = await store.find(name);
    expect(stored?.tools).toHaveLength(1);
    const late = store.commit({ name, origin: 'import', revision: 0, stable: '2026-11-25' });
    await expect(late).rejects.toMatchObject({ code: 'CATALOG_TOOLKIT_CHANGED' });
  });

  it('returns only the later writes of a known toolkit', async () => {
    let known: ToolkitRevisions = (await store.publication(new Map())).revisions;
    const since = async () => {
      const { tools, withdrawn, toolkits, revisions } = await store.publication(known);
      known = revisions;
      return { tools: tools.map(ToolPublished.key), withdrawn, releases: toolkits.length };
    };
    const [first, second] = [tool(slug, '1.0.0'), tool(slug, '1.1.0')];
    const change = { name, origin: 'import' } as const;
    await store.commit({ ...change, revision: 0, newTools: [first, second] });
    expect(await since()).toEqual({
      tools: [`${slug}@1.0.0`, `${slug}@1.1.0`],
      withdrawn: [],
      releases: 0,
    });
    expect(await since()).toEqual({ tools: [], withdrawn: [], releases: 0 });
    const release = { version: '2026-11-25', tools: { [slug]: '1.1.0' } };
    await store.commit({ ...change, revision: 1, replacedTools: [first], release });
    expect(await since()).toEqual({ tools: [`${slug}@1.0.0`], withdrawn: [], releases: 1 });
    await store.commit({ ...change, revision: 2, withdraw: [`${slug}@1.0.0`] });
    expect(await since()).toEqual({ tools: [], withdrawn: [`${slug}@1.0.0`], releases: 1 });
    await store.commit({ ...change, revision: 3, restore: [`${slug}@1.0.0`] });
    expect(await since()).toEqual({ tools: [`${slug}@1.0.0`], withdrawn: [], releases: 1 });
  });

  it('writes nothing of a change that fails in part', async () => {
    await store.commit({
      name: `${name}_other`,
      origin: 'code',
      owner: 'default',
      revision: 0,
      newTools: [tool(slug, '1.0.0')],
    });
    const taken = store.commit({
      name,
      origin: 'import',
      revision: 0,
      newTools: [tool(`${slug}_free`, '1.0.0'), tool(slug, '2.0.0')],
    });
    await expect(taken).rejects.toMatchObject({ code: 'CATALOG_NAME_TAKEN' });
    expect(await store.find(name)).toBeUndefined();
    expect(await store.owners([`${slug}_free`])).toEqual(new Map());
  });

  it('returns the content to publish: tools in use, channels, withdrawn tools and retired dates', async () => {
    const release = (version: string, tools: Record<string, string>) => ({ version, tools });
    await store.commit({
      name,
      origin: 'import',
      revision: 0,
      newTools: [tool(slug, '1.0.0')],
      release: release('2026-11-24', { [slug]: '1.0.0' }),
      stable: '2026-11-24',
    });
    await store.commit({
      name,
      origin: 'import',
      revision: 1,
      newTools: [tool(slug, '1.1.0')],
      release: release('2026-11-24.10', { [slug]: '1.1.0' }),
    });
    const mine = async () => {
      const { tools, withdrawn, toolkits, retired } = await store.publication(new Map());
      return {
        tools: tools
          .filter((each) => each.slug === slug)
          .map(({ version }) => version)
          .sort(),
        withdrawn: withdrawn.filter((key) => key.startsWith(`${slug}@`)),
        toolkits: toolkits
          .filter(({ toolkit }) => toolkit === name)
          .map(({ version, stable, newest }) => ({ version, stable, newest }))
          .sort((left, right) => (left.version < right.version ? -1 : 1)),
        retired: retired.filter((key) => key.startsWith(`${name}@`)),
      };
    };
    expect(await mine()).toEqual({
      tools: ['1.0.0', '1.1.0'],
      withdrawn: [],
      toolkits: [
        { version: '2026-11-24', stable: true, newest: false },
        { version: '2026-11-24.10', stable: false, newest: true },
      ],
      retired: [],
    });
    await store.commit({
      name,
      origin: 'import',
      revision: 2,
      stable: '2026-11-24.10',
      retire: ['2026-11-24'],
      withdraw: [`${slug}@1.0.0`],
    });
    expect(await mine()).toEqual({
      tools: ['1.1.0'],
      withdrawn: [`${slug}@1.0.0`],
      toolkits: [{ version: '2026-11-24.10', stable: true, newest: true }],
      retired: [`${name}@2026-11-24`],
    });
    expect(await store.find(name)).toMatchObject({ dates: ['2026-11-24', '2026-11-24.10'] });
    await store.commit({
      name,
      origin: 'import',
      revision: 3,
      restore: [`${slug}@1.0.0`],
      replacedTools: [tool(slug, '1.0.0', { title: 'Another' })],
    });
    expect(await mine()).toMatchObject({ tools: ['1.0.0', '1.1.0'], withdrawn: [] });
    expect((await store.tools([`${slug}@1.0.0`])).map(({ title }) => title)).toEqual(['Another']);
  });

  it('keeps every override with its state', async () => {
    await store.commit({ name, origin: 'import', revision: 0, overrides: [override(1, 'proposed')] });
    await store.commit({
      name,
      origin: 'import',
      revision: 1,
      overrides: [
        { ...override(1, 'approved'), reviewer: 'grace' },
        { ...override(2, 'proposed'), note: 'Again.' },
      ],
    });
    expect((await store.find(name))?.overrides).toEqual([
      { ...override(1, 'approved'), reviewer: 'grace' },
      { ...override(2, 'proposed'), note: 'Again.' },
    ]);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jest } from '@jest/globals';

import { ModuleToolSource } from './module-tool-source.js';

const folder = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));

async function withFolder(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const written = await mkdtemp(join(tmpdir(), 'mesh-tools-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(written, name, '..'), { recursive: true });
      await writeFile(join(written, name), text);
    }
    await work(written);
  } finally {
    await rm(written, { recursive: true });
  }
}

const toolText = (slug: string): string => `
import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';
export const tool = defineTool({
  slug: ${slug},
  version: '1.0.0',
  provider: { slug: 'acme', baseUrl: 'https://api.acme.test' },
  description: 'Does something.',
  input: z.strictObject({ id: z.string() }),
  http: { method: 'PUT', path: '/things/{id}' },
});
`;

jest.setTimeout(60_000);

describe('ModuleToolSource', () => {
  it('finds every marked export at any depth, also beside unreadable files', async () => {
    const tools = folder('tools');
    const found = await new ModuleToolSource([tools], { evaluationTimeoutMs: 2_000 }).find();
    expect(found.definitions).toEqual([
      {
        source: `${tools}/nested/one.mjs#tool`,
        compiled: expect.objectContaining({ ok: false, slug: 'one' }) as unknown,
      },
      {
        source: `${tools}/two.js#first`,
        compiled: expect.objectContaining({
          tool: expect.objectContaining({ slug: 'two_first' }) as unknown,
        }) as unknown,
      },
      {
        source: `${tools}/two.js#second`,
        compiled: expect.objectContaining({
          tool: expect.objectContaining({ slug: 'two_second' }) as unknown,
        }) as unknown,
      },
    ]);
    expect(found.unreadable.map(({ source, problems }) => [source, problems[0]?.message])).toEqual([
      [`${tools}/hangs.js`, 'cannot be read: did not finish within 2000 ms'],
      [`${tools}/throws.js`, 'cannot be read: the author made a mistake (at line 1, column 7)'],
      [
        `${tools}/two.js#unmarked`,
        'looks like a tool but is not one: wrap it in defineTool of @action-mesh/tools',
      ],
    ]);
  });

  it('reports a file that is not JavaScript', () =>
    withFolder({ 'broken.js': 'export const tool = ;' }, async (written) => {
      const found = await new ModuleToolSource([written]).find();
      expect(found.unreadable).toMatchObject([{ source: join(written, 'broken.js') }]);
    }));

  it('reads TypeScript without a build, and skips compiled forms, tests and declarations', () =>
    withFolder(
      {
        'crm.ts': `import { slug } from './lib/slug.js';\n${toolText('slug as string')}`,
        'lib/slug.ts': "export const slug: string = 'from_typescript';",
        'mail.mts': toolText("'from_mts'"),
        'done.ts': toolText("'written'"),
        'done.js': 'throw new Error("it was read");',
        'crm.test.ts': 'throw new Error("it was read");',
        'types.d.ts': 'throw new Error("it was read");',
      },
      async (written) => {
        const { definitions, unreadable, locations } = await new ModuleToolSource([written]).find();
        expect(unreadable).toEqual([]);
        expect(definitions.map(({ compiled }) => compiled.ok && compiled.tool.slug)).toEqual([
          'from_typescript',
          'written',
          'from_mts',
        ]);
        expect(locations).toEqual([{ location: written, sources: definitions.map(({ source }) => source) }]);
      },
    ));

  it('provides @action-mesh/tools and zod to a folder without node_modules', () =>
    withFolder({ 'a.mjs': toolText("'outside'") }, async (written) => {
      const { definitions } = await new ModuleToolSource([written]).find();
      expect(definitions[0]?.compiled).toMatchObject({ ok: true, tool: { slug: 'outside' } });
    }));

  it('sees every edit, also in the imports of a module', () =>
    withFolder(
      {
        'a.ts': `import { name } from './name.js';\n${toolText('name')}`,
        'name.ts': "export const name = 'before';",
      },
      async (written) => {
        const source = new ModuleToolSource([written]);
        const slugs = async (): Promise<unknown[]> =>
          (await source.find()).definitions.map(({ compiled }) => compiled.ok && compiled.tool.slug);
        const fingerprint = await source.fingerprint();
        expect(await slugs()).toEqual(['before']);
        expect(await source.fingerprint()).toBe(fingerprint);
        await writeFile(join(written, 'name.ts'), "export const name = 'afterwards';");
        expect(await source.fingerprint()).not.toBe(fingerprint);
        expect(await slugs()).toEqual(['afterwards']);
      },
    ));

  it('names file, line and column of a mistake', () =>
    withFolder(
      {
        'a.ts': 'export const a = 1;\nexport const b = { c: , };',
        'b.mjs': 'export const a = 1;\nexport const b = { c: , };',
        'c.js': 'export const a = 1;\nexport const b = { c: , };',
        'd.ts': 'const a: number = 1;\n\n  throw new Error(`the author made mistake ${a}`);',
        'e.ts': "import { x } from './a.js';\nexport const y = x;",
        'f.ts': "import 'not-installed-anywhere';",
      },
      async (written) => {
        const { unreadable } = await new ModuleToolSource([written]).find();
        expect(unreadable.map(({ source, problems }) => [source, problems[0]?.message])).toEqual([
          [join(written, 'a.ts'), 'cannot be read: syntax error at line 2, column 23: Unexpected ","'],
          [join(written, 'b.mjs'), "cannot be read: syntax error at line 2, column 23: Unexpected token ','"],
          [
            join(written, 'c.js'),
            expect.stringMatching(/^cannot be read: syntax error at line 2, column 23: /),
          ],
          [join(written, 'd.ts'), 'cannot be read: the author made mistake 1 (at line 3, column 9)'],
          [
            join(written, 'e.ts'),
            `cannot be read: syntax error at line 2, column 23 of ${join(written, 'a.ts')}: Unexpected ","`,
          ],
          [join(written, 'f.ts'), expect.stringContaining("'not-installed-anywhere'")],
        ]);
      },
    ));

  it('survives a module that ends its process, and reads the others', () =>
    withFolder(
      { 'a.mjs': toolText("'first'"), 'b.mjs': 'process.exit(3);', 'c.mjs': toolText("'third'") },
      async (written) => {
        const { definitions, unreadable } = await new ModuleToolSource([written]).find();
        expect(definitions).toHaveLength(2);
        expect(unreadable).toEqual([
          {
            source: join(written, 'b.mjs'),
            problems: [{ pointer: '', message: 'cannot be read: its process ended with exit code 3' }],
          },
        ]);
      },
    ));

  it('skips packages installed within a folder', () =>
    withFolder({ 'node_modules/a/index.js': 'throw new Error();', 'a.js': '' }, async (written) => {
      const found = await new ModuleToolSource([written]).find();
      expect(found.unreadable).toEqual([
        { source: written, problems: [{ pointer: '', message: 'cannot be read: it holds no tool' }] },
      ]);
    }));

  it('suggests the folder with the name of a missing package', async () => {
    const location = relative(process.cwd(), folder('tools'));
    const found = await new ModuleToolSource([location]).find();
    expect(found.unreadable).toMatchObject([{ source: location }]);
    expect(found.unreadable[0]?.problems[0]?.message).toMatch(`; did you mean ./${location}?`);
  });

  it('reports a missing folder, or one without tools, and reads the others', async () => {
    const found = await new ModuleToolSource([
      folder('nowhere'),
      folder('no-tools'),
      folder('tools/nested'),
    ]).find();
    expect(found.definitions).toHaveLength(1);
    expect(found.unreadable.map(({ source }) => source)).toEqual([folder('nowhere'), folder('no-tools')]);
  });

  it('finds the tools of a package, such as a curated toolkit', async () => {
    const { definitions, unreadable } = await new ModuleToolSource(['@action-mesh/toolkits/slack']).find();
    expect(unreadable).toEqual([]);
    expect(definitions).toHaveLength(15);
    expect(definitions[0]?.source).toMatch(/^@action-mesh\/toolkits\/slack#/);
  });

  it('reports a package that is not installed', async () => {
    const found = await new ModuleToolSource(['@acme/not-installed']).find();
    expect(found.unreadable).toEqual([
      { source: '@acme/not-installed', problems: [expect.objectContaining({ pointer: '' })] },
    ]);
  });
});

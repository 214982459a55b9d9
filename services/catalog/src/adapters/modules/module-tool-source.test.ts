import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

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

describe('ModuleToolSource', () => {
  it('finds every marked export at any depth, and each unreadable file costs only itself', async () => {
    const tools = folder('tools');
    const found = await new ModuleToolSource([tools], { evaluationTimeoutMs: 200 }).find();
    expect(found.definitions).toEqual([
      {
        source: `${tools}/nested/one.mjs#tool`,
        definition: expect.objectContaining({ slug: 'one' }) as unknown,
      },
      {
        source: `${tools}/two.js#first`,
        definition: expect.objectContaining({ slug: 'two_first' }) as unknown,
      },
      {
        source: `${tools}/two.js#second`,
        definition: expect.objectContaining({ slug: 'two_second' }) as unknown,
      },
    ]);
    expect(found.unreadable.map(({ source, problems }) => [source, problems[0]?.message])).toEqual([
      [`${tools}/hangs.js`, 'cannot be read: did not finish within 200 ms'],
      [`${tools}/throws.js`, 'cannot be read: the author made a mistake'],
    ]);
  });

  it('reports a file that is not JavaScript', () =>
    withFolder({ 'broken.js': 'export const tool = ;' }, async (written) => {
      const found = await new ModuleToolSource([written]).find();
      expect(found.unreadable).toMatchObject([{ source: join(written, 'broken.js') }]);
    }));

  const sources = {
    'crm.ts': 'export const tool: number = 1;',
    'crm.test.ts': '',
    'types.d.ts': '',
    'types.d.mts': '',
    'mail.mts': '',
    'done.ts': '',
    'done.js': '',
  };

  it('reports TypeScript that was not compiled, where it cannot be read', () =>
    withFolder(sources, async (written) => {
      const found = await new ModuleToolSource([written], { typeScript: false }).find();
      const message = 'cannot be read: it is TypeScript: compile it, and name the folder of the result';
      expect(found.unreadable).toEqual(
        ['crm.ts', 'mail.mts'].map((name) => ({
          source: join(written, name),
          problems: [{ pointer: '', message }],
        })),
      );
    }));

  it('reads TypeScript where it can', () =>
    withFolder({ 'crm.ts': 'throw new Error("it was read");' }, async (written) => {
      const found = await new ModuleToolSource([written], { typeScript: true }).find();
      expect(found.unreadable.map(({ problems }) => problems[0]?.message)).toEqual([
        'cannot be read: it was read',
      ]);
    }));

  it('leaves out what is installed within a folder', () =>
    withFolder({ 'node_modules/a/index.js': 'throw new Error();', 'a.js': '' }, async (written) => {
      const found = await new ModuleToolSource([written]).find();
      expect(found.unreadable).toEqual([
        { source: written, problems: [{ pointer: '', message: 'cannot be read: it holds no tool' }] },
      ]);
    }));

  it('asks whether a package that is not installed was meant as the folder of that name', async () => {
    const location = relative(process.cwd(), folder('tools'));
    const found = await new ModuleToolSource([location]).find();
    expect(found.unreadable).toMatchObject([{ source: location }]);
    expect(found.unreadable[0]?.problems[0]?.message).toMatch(`; did you mean ./${location}?`);
  });

  it('reports a folder that is not there, or that holds no tool, and reads the others', async () => {
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

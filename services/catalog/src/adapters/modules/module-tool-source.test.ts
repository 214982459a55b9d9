import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ModuleToolSource } from './module-tool-source.js';

const folder = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));

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

  it('reports a file that is not JavaScript', async () => {
    const written = await mkdtemp(join(tmpdir(), 'mesh-tools-'));
    try {
      await writeFile(join(written, 'broken.js'), 'export const tool = ;');
      const found = await new ModuleToolSource([written]).find();
      expect(found.unreadable).toMatchObject([{ source: join(written, 'broken.js') }]);
    } finally {
      await rm(written, { recursive: true });
    }
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

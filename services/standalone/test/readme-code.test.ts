import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';

jest.setTimeout(180_000);

const root = join(import.meta.dirname, '../../..');

/** Their examples need Kafka, PostgreSQL, a port or a mesh. Only their types are checked. */
const needInfrastructure = [
  'clients/ai-sdk',
  'clients/langchain',
  'clients/llamaindex',
  'clients/mastra',
  'clients/openai-agents',
  'clients/sdk',
  'libs/devstack',
  'libs/messaging',
  'libs/platform',
  'libs/postgres',
];

/** All code blocks of the READMEs of projects, each with a file name that names its README. */
const blocks = ['clients', 'examples', 'libs', 'services', 'tools'].flatMap((group) =>
  readdirSync(join(root, group)).flatMap((name) => {
    const readme = join(root, group, name, 'README.md');
    const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
    return [...text.matchAll(/^```([jt]s)\n(.*?)\n```$/gms)].map(([, language = '', code = ''], index) => ({
      project: `${group}/${name}`,
      file: `${group}-${name}-${index + 1}.${language}`,
      code,
    }));
  }),
);
const runnable = blocks.filter(({ project }) => !needInfrastructure.includes(project));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-readme-code-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { noEmit: true },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const { file, code } of blocks) await writeFile(join(folder, file), `${code}\n`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs Node in the folder. Returns its output, with the exit code if it is not 0. */
async function node(...words: readonly string[]): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, words, { cwd: folder, env: { PATH: process.env['PATH'] } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

describe('the code of the READMEs', () => {
  it('has the types of the workspace', async () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(await node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')).toEqual({
      code: 0,
      output: '',
    });
  });

  it.each(runnable)('of $project runs as it stands ($file)', async ({ file }) => {
    const ran = await node('--conditions=@action-mesh/source', '--import', 'tsx', file);
    expect(ran).toEqual({ code: 0, output: expect.not.stringContaining('Error:') as unknown });
  });
});

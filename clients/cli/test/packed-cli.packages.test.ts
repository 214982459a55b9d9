import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { jest } from '@jest/globals';

import { MeshUnderTest } from './mesh-under-test.js';

jest.setTimeout(400_000);

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

it('the packed program runs in an empty folder by npx, without a dependency', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-packed-cli-'));
  const mesh = new MeshUnderTest();
  try {
    const { stdout } = await run(process.execPath, ['scripts/pack-cli.mjs', folder], { cwd: root });
    const tarball = stdout.trim().split('\n').at(-1) ?? '';
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
    const manifest = await readFile(join(folder, 'node_modules/@action-mesh/cli/package.json'), 'utf8');
    expect(JSON.parse(manifest)).not.toHaveProperty('dependencies');

    await mesh.ready();
    const env = { ...mesh.variables, PATH: process.env['PATH'], HOME: folder };
    const packed = async (...words: string[]): Promise<string> =>
      (await run('npx', ['--offline', 'mesh', ...words], { cwd: folder, env })).stdout;
    expect(await packed('tools', 'list')).toContain('enrich_lead');
    const call = JSON.parse(await packed('call', 'enrich_lead', '-a', 'email=a@example.com', '--json')) as {
      readonly call_id: string;
    };
    expect(await packed('calls', 'why', call.call_id)).toContain('attempt 1: answered, status 200');
    expect(await packed('tools', 'types')).toContain('enrich_lead: {');
    expect(await packed('complete', 'bash')).toContain('mesh');
    await writeFile(
      join(folder, 'api.json'),
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Notes', version: '1' },
        servers: [{ url: 'https://notes.example' }],
        paths: { '/notes': { get: { operationId: 'list_notes', summary: 'Lists notes.', responses: {} } } },
      }),
    );
    expect(await packed('tools', 'import', 'api.json', '--dry-run')).toContain('list_notes');
  } finally {
    await mesh[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
});

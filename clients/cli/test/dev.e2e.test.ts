import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { runHere, startProcess } from './mesh-under-test.js';

jest.setTimeout(400_000);

const program = join(import.meta.dirname, '../dist/main.js');

it('a newcomer makes a folder, runs its tool, and sees edits and mistakes at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-dev-'));
  const { PATH = '', KAFKA_BROKERS = '', DATABASE_URL = '', REDIS_URL = '' } = process.env;
  try {
    const made = await runHere(['init', 'mytools'], { folder });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(await runHere(['init', 'mytools'], { folder })).toMatchObject({ code: 2 });
    expect(await runHere(['dev', 'nowhere'], { folder })).toMatchObject({ code: 2 });

    const dev = startProcess(['dev', 'mytools', '--fresh'], {
      folder,
      environment: { PATH, KAFKA_BROKERS, DATABASE_URL, REDIS_URL, PORT: '0', HOME: folder },
    });
    let printed = '';
    for (const stream of [dev.stdout, dev.stderr])
      stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const says = (text: string | RegExp): Promise<unknown> =>
      waitFor(() => (typeof text === 'string' ? printed.includes(text) : text.test(printed)), {
        what: `"${String(text)}" in\n${printed}`,
        timeoutMs: 240_000,
      });
    try {
      await says('Ctrl-C drains');
      const environment = {
        MESH_URL: /GATEWAY_URL=(\S+)/.exec(printed)?.[1] ?? '',
        MESH_KEY: /mesh_dev_[\w-]+/.exec(printed)?.[0] ?? '',
      };
      const test = await promisify(execFile)(process.execPath, ['--test', 'mytools/echo-text.test.mjs'], {
        cwd: folder,
        env: { ...environment, PATH, MESH_COMMAND: `${process.execPath} ${program}` },
      });
      expect(test.stdout).toContain('# pass 2');
      await says(/dry_run +\S+ +echo_text for ada/);
      await says(/succeeded +\S+ +echo_text for ada/);

      const file = join(folder, 'mytools/echo-text.ts');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace("method: 'POST'", 'method: ,'));
      await says(/echo-text\.ts[\s\S]*line 11, column/);
      expect(await runHere(['tools', 'show', 'echo_text'], { environment })).toMatchObject({ code: 0 });
      await writeFile(file, text.replace("version: '1.0.0'", "version: '1.1.0'"));
      await waitFor(
        async () => (await runHere(['tools', 'show', 'echo_text'], { environment })).stdout.includes('1.1.0'),
        { what: 'the edited tool', timeoutMs: 60_000 },
      );
    } finally {
      dev.kill('SIGINT');
      if (dev.exitCode === null) await once(dev, 'exit');
    }
    expect(dev.exitCode).toBe(130);
  } finally {
    await rm(folder, { recursive: true });
  }
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { once } from 'node:events';

import { InterruptedError } from '../cli.errors.js';
import { runCommandLine } from '../program/command-line.js';

/** A mesh that says which signals reach it, and ends at the first. */
const mesh = `
for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => {
    console.log('got ' + name);
    setTimeout(() => process.exit(0), 200);
  });
}
setInterval(() => undefined, 1000);
console.log('pid ' + process.pid);
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-dev-'));
  for (const path of ['tools', 'scripts', 'services/standalone/dist'])
    await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'services/standalone/package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'services/standalone/dist/main.js'), mesh);
  await writeFile(join(folder, 'scripts/compile.mjs'), '');
});

afterEach(() => rm(folder, { recursive: true }));

/** Runs `mesh dev`, interrupts it when the mesh is up, and gives everything that the mesh printed. */
async function interrupted(
  isTTY: boolean,
  signal: 'SIGINT' | 'SIGTERM',
  terminal: (pid: number) => void = () => undefined,
): Promise<{ readonly code: number; readonly printed: string }> {
  const ending = new AbortController();
  const stdout = new PassThrough();
  let printed = '';
  stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const running = runCommandLine(['dev'], {
    environment: {},
    folder,
    stdin: Object.assign(Readable.from([]), { isTTY }),
    stdout,
    stderr: new PassThrough(),
    signal: ending.signal,
  });
  while (!/pid \d+\n/.test(printed)) await once(stdout, 'data');
  terminal(Number(/pid (\d+)/.exec(printed)?.[1]));
  ending.abort(new InterruptedError(signal));
  return { code: await running, printed };
}

describe('mesh dev', () => {
  it.each([
    [true, 'SIGTERM'],
    [false, 'SIGTERM'],
    [false, 'SIGINT'],
  ] as const)('with a terminal: %s, stops its mesh by one signal after %s', async (isTTY, signal) => {
    const { code, printed } = await interrupted(isTTY, signal);
    expect(code).toBe(130);
    expect(printed.match(/got/g)).toHaveLength(1);
  });

  it('leaves Ctrl-C to the terminal, because a second signal would end the mesh at once', async () => {
    const { code, printed } = await interrupted(true, 'SIGINT', (pid) => process.kill(pid, 'SIGINT'));
    expect(code).toBe(130);
    expect(printed.match(/got/g)).toHaveLength(1);
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { MeshUnderTest, runHere } from './mesh-under-test.js';

jest.setTimeout(300_000);

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const callId = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The commands of the README with the output that it shows. */
const steps = readme
  .split('```console\n')
  .slice(1)
  .flatMap((block) => (block.split('```')[0] ?? '').split(/^\$ mesh /m).slice(1))
  .map((step) => {
    const [command = '', ...output] = step.split('\n');
    return { command, output: output.join('\n').trimEnd() };
  });

/** Without ids, times, durations, traces, ports and the widths of columns. */
const comparable = (text: string): string =>
  text
    .replace(callId, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d+ ms/g, '<time>')
    .replace(/\b[0-9a-f]{32}\b/g, '<trace>')
    .replace(/with key \w+/g, 'with key <key>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/ +/g, ' ');

const words = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Waits until audit has the end of a call: its history follows the outcome. */
async function historyOf(command: string, mesh: MeshUnderTest): Promise<void> {
  await waitFor(
    async () => {
      const { stdout } = await runHere([...words(command), '--json'], { environment: mesh.variables });
      return stdout.includes('"kind":"call.succeeded"');
    },
    { what: 'the history of the call', timeoutMs: 30_000 },
  );
}

it('the transcript of the README is what a mesh answers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-transcript-'));
  await using mesh = new MeshUnderTest();
  await mesh.ready();
  const ids = new Map<string, string>();
  try {
    for (const { command, output } of steps) {
      const given = command.replace(callId, (id) => ids.get(id) ?? id);
      if (given.startsWith('calls why ')) await historyOf(given, mesh);
      const { stdout, stderr } = await runHere(words(given), { environment: mesh.variables, folder });
      const printed = `${stdout}${stderr}`.trimEnd();
      expect({ command, output: comparable(printed) }).toEqual({ command, output: comparable(output) });
      const fresh = printed.match(callId) ?? [];
      (output.match(callId) ?? []).forEach((id, index) => ids.set(id, fresh[index] ?? id));
    }
    expect(steps.length).toBeGreaterThan(6);
  } finally {
    await rm(folder, { recursive: true });
  }
});

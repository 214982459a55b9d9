import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCommandLine } from '../program/command-line.js';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/moving-in.md'), 'utf8');

/** The first block of a language, without its fences. */
function block(language: string): string {
  const [, found = ''] = new RegExp(`\n\`\`\`${language}\n([^]*?)\n\`\`\`\n`).exec(guide) ?? [];
  return found;
}

it('the guide to moving in imports its workflow as it shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-moving-in-'));
  try {
    await writeFile(join(folder, 'leads.json'), block('json'));
    const command = block('sh');
    expect(command).toMatch(/^npm run -s mesh -- import-flow [^\n]+$/);
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const printed = Promise.all([text(stdout), text(stderr)]);
    const code = await runCommandLine(command.split(' ').slice(5), {
      environment: {},
      folder,
      stdin: Readable.from([]),
      stdout,
      stderr,
      signal: new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    expect({ code, printed: (await printed).join('').trim() }).toEqual({
      code: 0,
      printed: block('console'),
    });
    expect((await readFile(join(folder, 'drafts/leads.ts'), 'utf8')).trim()).toBe(block('typescript'));
  } finally {
    await rm(folder, { recursive: true });
  }
  // The first import of a process loads the curated tools.
}, 60_000);

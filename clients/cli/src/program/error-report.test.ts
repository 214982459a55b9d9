import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { jest } from '@jest/globals';

import { profilePath, writeProfiles } from '../access/profile-file.js';
import { runCommandLine } from './command-line.js';

// The first import of a process loads the importer and the curated tools.
jest.setTimeout(60_000);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-errors-'));
  await writeFile(join(folder, 'export.json'), '{"a":1}');
  await writeFile(
    join(folder, 'api.json'),
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Notes', version: '1' },
      servers: [{ url: 'https://notes.example' }],
      paths: { '/notes': { get: { operationId: 'list_notes', summary: 'Lists notes.', responses: {} } } },
    }),
  );
});

afterAll(() => rm(folder, { recursive: true }));

async function run(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await runCommandLine(words, {
    environment: { XDG_CONFIG_HOME: folder, ...variables },
    folder,
    stdin: Readable.from(['']),
    stdout,
    stderr,
    signal: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [out, error] = await printed;
  return { code, out, error };
}

describe('an error with --json', () => {
  it.each([
    [['calls', 'show', '--json'], 2, 'CLI_USAGE', "missing required argument 'call'"],
    [['calls', 'list', '--json', '--nonsense=secret'], 2, 'CLI_USAGE', "unknown option '--nonsense'"],
    [['--json', 'nonsense'], 2, 'CLI_USAGE', "unknown command 'nonsense'"],
    [['tools', '--json'], 2, 'CLI_USAGE', 'A command is missing'],
    [['--json'], 2, 'CLI_USAGE', 'A command is missing'],
    [['calls', 'list', '--json'], 2, 'CLI_USAGE', 'There is no API key'],
    [['calls', 'list', '--json', '--profile', 'nowhere'], 2, 'CLI_USAGE', 'There is no profile nowhere'],
    [['import-flow', 'gone.json', '--out', 'x', '--json'], 1, 'CLI_FAILED', 'ENOENT'],
    [['import-flow', 'export.json', '--out', 'x', '--json'], 1, 'FLOW_IMPORT', 'is no export'],
    [['tools', 'import', '--json'], 2, 'IMPORT_USAGE', 'name one document'],
    [
      ['--json', 'tools', 'import', 'a', '--nonsense=secret'],
      2,
      'IMPORT_USAGE',
      "Unknown option '--nonsense'",
    ],
    [
      ['tools', 'import', 'gone.json', '--dry-run', '--json'],
      1,
      'IMPORT_DOCUMENT_UNREADABLE',
      'no such file',
    ],
    [['tools', 'import', 'api.json', '--json'], 2, 'CLI_USAGE', 'There is no API key'],
    [['--profile', 'nowhere', 'tools', 'import', 'api.json', '--json'], 2, 'CLI_USAGE', 'no profile nowhere'],
    [['tools', 'import', 'api.json', '--json', '--url=nonsense'], 2, 'CLI_USAGE', 'There is no API key'],
  ])('is one line with a code: %j', async (words, exitCode, code, message) => {
    const files = words.map((word) =>
      word.endsWith('.json') && words[1] === 'import' ? join(folder, word) : word,
    );
    const { code: ended, out, error } = await run(files);
    expect({ ended, out, lines: error.split('\n').length }).toEqual({ ended: exitCode, out: '', lines: 2 });
    const facts = (JSON.parse(error) as { error: { code: string; message: string } }).error;
    expect(facts).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(error).not.toContain('secret');
  });

  it('of an import without tools has its code, and no progress beside it', async () => {
    const words = ['tools', 'import', join(folder, 'api.json'), '--select', 'gone', '--dry-run', '--json'];
    const { code, error } = await run(words);
    expect({ code, error: JSON.parse(error) as unknown }).toMatchObject({
      code: 1,
      error: { error: { code: 'IMPORT_NO_TOOLS' } },
    });
  });
});

describe('an error for people', () => {
  it('is text with the next step', async () => {
    expect((await run(['calls', 'show'])).error).toMatch(/^error: missing required argument 'call'\n/);
    expect((await run(['tools', 'import'])).error).toBe(
      'mesh: name one document: a file, or an http or https URL\n  fix: --help explains all options\n',
    );
    expect((await run(['tools', '--help'])).code).toBe(0);
  });
});

describe('the profile and the address of a command', () => {
  it('choose the gateway of `tools import`, before its variables', async () => {
    const keys: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'key_unknown', detail: 'The key is not known.' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeProfiles(profilePath({ XDG_CONFIG_HOME: folder }), {
      profiles: { work: { url, key: 'mesh_live_work' } },
    });
    try {
      const file = join(folder, 'api.json');
      const other = { GATEWAY_URL: 'http://127.0.0.1:1', GATEWAY_API_KEY: 'mesh_live_other' };
      for (const words of [
        ['tools', 'import', file, '--profile', 'work', '--json'],
        ['--json', '--profile=work', 'tools', 'import', file],
      ]) {
        expect(JSON.parse((await run(words, other)).error)).toMatchObject({
          error: { code: 'IMPORT_REFUSED' },
        });
      }
      const chosen = ['tools', 'import', file, '--url', url, '--json'];
      const { error } = await run(chosen, { ...other, MESH_KEY: 'mesh_live_mine' });
      expect(JSON.parse(error)).toMatchObject({ error: { code: 'IMPORT_REFUSED' } });
      expect(keys).toEqual(['Bearer mesh_live_work', 'Bearer mesh_live_work', 'Bearer mesh_live_mine']);
    } finally {
      server.close();
    }
  });
});

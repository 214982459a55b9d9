import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { profilePath, readProfiles } from '../access/profile-file.js';
import { runCommandLine } from '../program/command-line.js';

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ tenant: 'acme', holder: 'ada', scopes: [] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-login-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function run(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const stderr = new PassThrough();
  const printed = text(stderr);
  const code = await runCommandLine(words, {
    environment: { XDG_CONFIG_HOME: folder, ...variables },
    folder,
    stdin: Readable.from(['mesh_live_key']),
    stdout: new PassThrough(),
    stderr,
    signal: new AbortController().signal,
  });
  stderr.end();
  return { code, error: await printed };
}

const stored = () => readProfiles(profilePath({ XDG_CONFIG_HOME: folder }));

describe('mesh login and logout', () => {
  it('take the profile of --profile, of MESH_PROFILE, or the default one', async () => {
    const login = ['login', '--key-stdin', '--url', url];
    expect(await run(login, { MESH_PROFILE: 'work' })).toMatchObject({ code: 0 });
    expect(await run([...login, '--profile', 'test'], { MESH_PROFILE: 'work' })).toMatchObject({ code: 0 });
    expect(await run(login, { MESH_PROFILE: ' ' })).toMatchObject({ code: 0 });
    expect(Object.keys((await stored()).profiles)).toEqual(['work', 'test', 'default']);
    expect(await run(['logout'], { MESH_PROFILE: 'work' })).toMatchObject({ code: 0 });
    expect(Object.keys((await stored()).profiles)).toEqual(['test', 'default']);
    const refused = await run(login, { MESH_PROFILE: 'a b' });
    expect(refused).toMatchObject({ code: 2, error: expect.stringContaining('MESH_PROFILE') as string });
  });

  it('take the address of --url or MESH_URL, and an empty one counts as not set', async () => {
    expect(await run(['login', '--key-stdin'], { MESH_URL: url })).toMatchObject({ code: 0 });
    expect((await stored()).profiles).toEqual({ default: { url, key: 'mesh_live_key' } });
    const wrong = await run(['login', '--key-stdin'], { MESH_URL: 'secret' });
    expect(wrong).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^(?!.*secret).*MESH_URL/) as string,
    });
    for (const MESH_URL of ['', ' ']) {
      expect(await run(['login', '--key-stdin', '--url', url], { MESH_URL })).toMatchObject({ code: 0 });
      // Without an address it is the one of this machine, which may have no mesh.
      expect((await run(['login', '--key-stdin'], { MESH_URL })).error).not.toContain('http or https URL');
    }
  });
});

import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { endOf, MeshUnderTest, runHere, startProcess, type EndedCommand } from './mesh-under-test.js';

jest.setTimeout(300_000);

let mesh: MeshUnderTest;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-cli-'));
  mesh = new MeshUnderTest();
  await mesh.ready();
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (words: string, input?: string): Promise<EndedCommand> =>
  runHere(words.split(' '), {
    environment: mesh.variables,
    folder,
    ...(input === undefined ? {} : { input }),
  });

/** Runs a command as text and with --json; both end with 0. Returns the text and the parsed JSON. */
async function both(
  words: string,
): Promise<{ readonly text: string; readonly json: Record<string, unknown> }> {
  const text = await run(words);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).not.toBe('');
  return { text: text.stdout, json: await json(words) };
}

async function json(words: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(`${words} --json`);
  expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 2 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('every command', () => {
  it('calls a tool, lists, shows and explains the call', async () => {
    const called = await both('call enrich_lead -a email=ada@example.com --run run-1 --thought Why-not');
    expect(called.json).toMatchObject({ status: 'succeeded', replayed: true });
    const id = called.json['call_id'] as string;
    expect((await both('calls list --run run-1')).text).toContain(id);
    expect((await both(`calls show ${id}`)).json).toMatchObject({ call_id: id, state: 'SUCCEEDED' });
    const why = await both(`calls why ${id}`);
    expect(why.text).toMatch(/thought +Why-not/);
    expect(why.text).toMatch(/attempt 1: answered, status 200/);
    expect(why.text).toMatch(/trace +[0-9a-f]{32}/);
    await waitFor(async () => 'story' in (await json(`calls why ${id}`)), {
      what: 'the history of the call',
      timeoutMs: 30_000,
    });
    expect((await both('audit verify')).json).toMatchObject({ intact: true, complete: true });
    expect(why.json).toMatchObject({ call: { call_id: id }, attempts: { tried: [{ attempt: 1 }] } });
    const result = await run(`calls result ${id}`);
    expect(JSON.parse(result.stdout)).toHaveProperty('person');
    expect(await run(`calls cancel ${id}`)).toMatchObject({ code: 1 });
  });

  it('takes arguments from JSON, a file or standard input, and rehearses', async () => {
    const words = 'call enrich_lead --json-args @- --dry-run';
    const { code, stdout } = await run(`${words} --json`, '{"email":"ada@example.com"}');
    expect({ code, answer: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      answer: { status: 'dry_run', preview: { request: { method: 'POST' } } },
    });
    expect((await run('call enrich_lead -a email=a@example.com --wait 0 --json')).code).toBe(0);
  });

  it('finds tools, their types and their changes', async () => {
    expect((await both('tools list --query lead')).text).toContain('enrich_lead');
    expect((await both('tools show crm_update_contact')).text).toMatch(/email +string +yes/);
    expect((await both('tools types')).text).toContain('crm_update_contact: {');
    await json('tools types --out types.d.ts');
    expect(await readFile(join(folder, 'types.d.ts'), 'utf8')).toContain('interface ToolTypes');
    await both('tools diff sim_crm');
  });

  it('sets limits and kill switches, and lifts them', async () => {
    await both('limits set cli-test --limit 50 --window 1s --per tool --tool enrich_lead');
    expect((await both('limits list')).text).toContain('50 per 1s');
    await json('limits remove cli-test');
    const { id } = await json('switches on tool slack_post_message --reason test');
    expect((await both('switches list')).text).toContain('tool slack_post_message');
    await json(`switches lift ${id as string}`);
  });

  it('makes, rotates and revokes keys, and shows each secret once', async () => {
    const created = await json('keys create --role viewer --note cli');
    const secret = created['key'] as string;
    const id = created['id'] as string;
    expect((await run(`keys rotate ${id} --overlap 60`)).stdout).toContain('mesh_dev_');
    const { text } = await both('keys list');
    expect(text).toContain(id);
    expect(text).not.toContain(secret);
    await json(`keys revoke ${id}`);
    await waitFor(async () => (await withKey(secret, 'tools list')).code === 3, {
      what: 'the refusal of the revoked key',
      timeoutMs: 20_000,
    });
    expect((await withKey(secret, 'tools list')).stderr).not.toContain(secret);
  });

  it('declares, lists and fires triggers', async () => {
    const { code, stdout } = await run(
      'triggers declare cli_lead --declaration @- --json',
      '{"scheme":"standard_webhooks"}',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ trigger: 'cli_lead', secret: expect.any(String) as string });
    expect((await both('triggers list')).text).toContain('cli_lead');
    expect((await run('triggers fire cli_lead')).stderr).toContain('trigger_needs_signature');
    expect((await both('triggers fire cli_event --payload {"a":1}')).text).toContain('Fired cli_event');
  });

  it.each(['dlq list', 'approvals list', 'connections list', 'doctor'])('%s answers', async (words) => {
    await both(words);
  });

  it('refuses unknown ids with the fix of the mesh', async () => {
    for (const words of [
      'calls show nothing',
      'dlq show nothing',
      'approvals show nothing',
      'connections remove nothing',
      'keys revoke nothing',
      'switches lift nothing',
      'connect nothing --user ada --wait 0',
      'approvals approve nothing --digest x',
    ]) {
      const { code, stdout, stderr } = await run(words);
      expect({ words, code, stdout }).toEqual({ words, code: 1, stdout: '' });
      expect(stderr).toMatch(/fix: /);
    }
    expect((await run('dlq redrive --all --dry-run')).code).toBe(0);
  });

  it('tails outcomes as they come, one JSON per line', async () => {
    const child = startProcess(['calls', 'tail', '--json'], { environment: mesh.variables });
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await waitFor(
      async () => {
        await run(`call enrich_lead -a email=tail@example.com`);
        return printed.includes('\n');
      },
      { what: 'an outcome', timeoutMs: 60_000 },
    );
    expect(JSON.parse(printed.split('\n')[0] ?? '')).toMatchObject({ status: 'succeeded' });
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
  });

  it('logs in by standard input, and uses the profile', async () => {
    const home = { HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') };
    const login = await runHere(['login', '--key-stdin', '--url', mesh.url], {
      environment: home,
      input: `${mesh.key}\n`,
    });
    expect(login).toMatchObject({ code: 0, stderr: '' });
    expect(login.stdout).not.toContain(mesh.key);
    const file = join(folder, 'config/action-mesh/profiles.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const list = await runHere(['tools', 'list'], { environment: home, folder });
    expect(list).toMatchObject({ code: 0 });
    expect(await runHere(['logout'], { environment: home })).toMatchObject({ code: 0 });
    expect(await runHere(['tools', 'list'], { environment: home, folder })).toMatchObject({ code: 2 });
  });
});

const withKey = (key: string, words: string): Promise<EndedCommand> =>
  runHere(words.split(' '), { environment: { ...mesh.variables, MESH_KEY: key }, folder });

describe('a command in trouble', () => {
  it.each([
    'nonsense',
    'calls',
    'calls list --limit many',
    'calls list --status sad',
    'keys create',
    'call enrich_lead -a email',
    'call enrich_lead -a nothing=1',
    'call enrich_lead --json-args {"a":1,"a":2}',
    'call enrich_lead --dry-run --shadow',
    'dlq redrive',
    'approvals approve x',
    'tools import',
  ])('%s is wrong usage', async (words) => {
    expect(await run(words)).toMatchObject({ code: 2, stdout: '' });
  });

  it('does not repeat the value of an unknown option', async () => {
    const { code, stderr } = await run('keys list --key=canary-secret');
    expect(code).toBe(2);
    expect(stderr).not.toContain('canary-secret');
  });

  it('names wrong arguments and an unknown tool in the words of the mesh', async () => {
    const { code, stderr } = await run('call enrich_lead -a email=nonsense --json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'invalid_arguments', status: 422 } });
    expect((await run('call enrich_leads --json-args {}')).code).toBe(1);
  });

  it('that cannot reach a mesh ends with 3', async () => {
    const environment = { ...mesh.variables, MESH_URL: 'http://127.0.0.1:9' };
    const { code, stderr } = await runHere(['calls', 'list'], { environment });
    expect(code).toBe(3);
    expect(stderr).toMatch(/cannot be reached[\s\S]*fix: /);
    expect((await runHere(['doctor'], { environment })).stdout).toMatch(
      /BAD +gateway[\s\S]*fix: Start the mesh/,
    );
    const { code: refused } = await withKey('mesh_dev_nothing_nothing', 'calls list');
    expect(refused).toBe(3);
    const doctor = await withKey('mesh_dev_nothing_nothing', 'doctor');
    expect(doctor).toMatchObject({ code: 3 });
    expect(doctor.stdout).toMatch(/BAD +key/);
  });

  it('that reaches another server says so', async () => {
    const server: Server = createServer((_, response) => response.end('<html>'.repeat(1_000)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = { ...mesh.variables, MESH_URL: `http://127.0.0.1:${port}` };
    expect(await runHere(['calls', 'list'], { environment })).toMatchObject({ code: 3, stdout: '' });
    expect((await runHere(['doctor'], { environment })).stdout).toContain('not as a mesh does');
    server.closeAllConnections();
    server.close();
  });

  it('ends in silence when the reader of its output leaves', async () => {
    const child = startProcess(['tools', 'types'], { environment: mesh.variables });
    child.stdout?.destroy();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    let complaint = '';
    const tail = startProcess(['calls', 'tail', '--json'], { environment: mesh.variables });
    tail.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    tail.stdout?.destroy();
    await waitFor(
      async () => {
        await run('call enrich_lead -a email=gone@example.com');
        return tail.exitCode !== null;
      },
      { what: 'the end of the tail', timeoutMs: 60_000 },
    );
    expect({ code: tail.exitCode, complaint }).toEqual({ code: 0, complaint: '' });
  });

  it('ends with 130 on Ctrl-C while it waits', async () => {
    const server: Server = createServer(() => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const child = startProcess(['calls', 'list'], {
      environment: { ...mesh.variables, MESH_URL: `http://127.0.0.1:${port}` },
    });
    const ended = endOf(child);
    await once(server, 'request');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: '' });
    server.closeAllConnections();
    server.close();
  });
});

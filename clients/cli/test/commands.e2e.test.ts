import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ActionMesh } from '@action-mesh/sdk';
import { startProviderSimulator, waitFor, type ProviderSimulator } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { connectByPage } from './connect-by-page.js';
import { endOf, MeshUnderTest, runHere, startProcess, type EndedCommand } from './mesh-under-test.js';

jest.setTimeout(300_000);

/** Tools of every effect class for the provider `sim`, whose faults the tests decide. */
const tools = join(import.meta.dirname, '../../../tools/mesh-processes/src/testing/tools');

let mesh: MeshUnderTest;
let oracle: ProviderSimulator;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-cli-'));
  oracle = await startProviderSimulator();
  mesh = new MeshUnderTest({
    CATALOG_TOOLS: tools,
    CATALOG_PROVIDER_URLS: JSON.stringify({ sim: oracle.url }),
    FLOWS: join(tools, '../flows'),
  });
  await mesh.ready();
});

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await oracle[Symbol.asyncDispose]();
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

describe('calls that need a person', () => {
  it('are listed, shown and redriven', async () => {
    await oracle.behave({ match: { path: '/crm' }, mode: 'status', status: 503 });
    const dead = await run('call put_contact -a email=cli@example.com -a name=Ada --json');
    expect(dead).toMatchObject({ code: 1, stderr: '' });
    await oracle.reset();
    const { call_id: id, status } = JSON.parse(dead.stdout) as { call_id: string; status: string };
    expect(status).toBe('dead');
    expect((await both('dlq list --tool put_contact')).text).toContain(id);
    expect((await both(`dlq show ${id}`)).text).toMatch(
      /attempts +3[\s\S]*cli@example.com[\s\S]*mesh dlq redrive/,
    );
    expect((await both('dlq redrive --tool put_contact --dry-run')).text).toMatch(/would run +1/);
    expect((await run(`dlq redrive ${id}`)).stdout).toMatch(/run again +1/);
    await waitFor(async () => (await json(`calls show ${id}`))['state'] === 'SUCCEEDED', {
      what: 'the redriven call',
    });
    expect(await oracle.effects()).toMatchObject({ effects: 1 });
    expect((await run('dlq list --tool put_contact')).stdout).toContain('No call needs a person.');
  });

  it('take a verdict', async () => {
    await oracle.behave({ match: { path: '/echo' }, mode: 'close-before-response', times: 1 });
    const { stdout } = await run('call write_opaque -a text=unknown --json');
    const { call_id: id } = JSON.parse(stdout) as { call_id: string };
    expect((await run(`dlq redrive ${id}`)).stdout).toContain(`mesh dlq resolve ${id} happened`);
    const resolved = await run(`dlq resolve ${id} happened --note seen --result {"seen":true}`);
    expect(resolved).toMatchObject({ code: 0, stdout: `${id} is SUCCEEDED\n` });
  });
});

describe('approvals', () => {
  const ask = {
    decision: 'ask',
    match: { tool: 'put_contact', user_id: 'bob' },
    reason: 'A person looks.',
  } as const;
  let approver: string;

  beforeAll(async () => {
    approver = (await json('keys create --role approver --holder eve'))['key'] as string;
    await new ActionMesh({ baseUrl: mesh.url, apiKey: mesh.key }).policies.put('cli-asks', ask);
    await waitFor(async () => (await run(`${call('first')} --dry-run --json`)).stdout.includes('cli-asks'), {
      what: 'the policy',
    });
    await waitFor(async () => (await withKey(approver, 'approvals list')).code === 0, { what: 'the key' });
  });

  const call = (name: string): string =>
    `call put_contact -a email=${name}@example.com -a name=Ada --user bob`;
  const asApprover = async (words: string): Promise<Record<string, unknown>> =>
    JSON.parse((await withKey(approver, `${words} --json`)).stdout) as Record<string, unknown>;

  /** The approval that a call waits for. */
  async function asked(name: string): Promise<{ readonly id: string; readonly callId: string }> {
    const { stdout } = await run(`${call(name)} --wait 0 --json`);
    const { call_id: callId } = JSON.parse(stdout) as { call_id: string };
    const pending = async () => {
      const { approvals } = (await asApprover('approvals list --user bob')) as {
        approvals: { id: string; call_id: string }[];
      };
      return approvals.find((each) => each.call_id === callId);
    };
    const { id } = await waitFor(pending, { what: 'the approval' });
    return { id, callId };
  }

  it('are listed, shown and given with the digest that was shown', async () => {
    const { id, callId } = await asked('approved');
    expect((await withKey(approver, 'approvals list')).stdout).toContain('A person looks.');
    const { stdout: shown } = await withKey(approver, `approvals show ${id}`);
    expect(shown).toContain('approved@example.com');
    const digest = /digest +([0-9a-f]{64})/.exec(shown)?.[1] ?? '';
    const approved = await withKey(approver, `approvals approve ${id} --digest ${digest} --note fine`);
    expect(approved).toMatchObject({ code: 0, stdout: `approved ${id}\n` });
    await waitFor(async () => (await json(`calls show ${callId}`))['state'] === 'SUCCEEDED', {
      what: 'the approved call',
    });
  });

  it('are refused by a rejection', async () => {
    const { id, callId } = await asked('rejected');
    expect(await asApprover(`approvals reject ${id} --note no`)).toMatchObject({ status: 'rejected' });
    await waitFor(async () => (await json(`calls show ${callId}`))['state'] === 'FAILED', {
      what: 'the rejected call',
    });
  });
});

it('connect prints the page of a user, and waits until the account is connected', async () => {
  const client = new ActionMesh({ baseUrl: mesh.url, apiKey: mesh.key });
  const desk = { provider: 'basic', hosts: ['desk.example.com'], base_url: 'https://desk.example.com' };
  await client.request('putIntegration', { path: { integration: 'desk' }, body: desk });
  const page = (await run('connect desk --user ada --wait 0')).stdout.trim();
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  const child = startProcess('connect desk --user ada --wait 60 --json'.split(' '), {
    environment: mesh.variables,
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = endOf(child);
  const url = await waitFor(() => /in a browser: (\S+)/.exec(said)?.[1], { what: 'the page' });
  await connectByPage(url);
  const { code, stdout } = await ended;
  const connection = JSON.parse(stdout) as Record<string, unknown>;
  expect([code, connection]).toMatchObject([0, { user_id: 'ada', integration: 'desk', state: 'active' }]);
  const id = connection['connection_id'] as string;
  expect((await both('connections list --user ada')).text).toContain(id);
  expect((await run(`connections remove ${id}`)).stdout).toContain(`Removed ${id}.`);
  expect((await json('connections list --user ada --integration desk'))['connections']).not.toContainEqual(
    expect.objectContaining({ connection_id: id, state: 'active' }),
  );
});

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

describe('mesh flows', () => {
  it('starts runs of deployed flows once per key, shows them, and takes the answers of people', async () => {
    expect((await both('flows list')).text).toMatch(/undo-all\s+1\s+manual/);
    await oracle.behave({
      match: { path: '/entries', method: 'POST' },
      mode: 'status',
      status: 201,
      body: { id: 'e1' },
    });
    const started = await json('flows start undo-all --key cli-1 --input {"title":"cli"}');
    expect(started).toMatchObject({ flow: 'undo-all', version: 1, is_new: true });
    const id = String(started['id']);
    expect((await run('flows start undo-all --key cli-1')).stdout).toContain(`Known: ${id}`);
    await waitFor(async () => (await run(`flows show ${id}`)).stdout.includes('keep'), {
      what: 'the question of the run',
      timeoutMs: 30_000,
    });
    expect((await run(`flows answer ${id} keep no`)).code).toBe(0);
    await waitFor(async () => (await json(`flows show ${id}`))['state'] === 'failed', {
      what: 'the undo of the run',
      timeoutMs: 30_000,
    });
    expect((await both(`flows show ${id}`)).text).toContain('the person refused');
    expect((await both('flows runs --flow undo-all --state failed --limit 5')).text).toContain(id);
    for (const act of ['resume', 'cancel']) expect((await run(`flows ${act} ${id}`)).code).toBe(1);
    expect((await run('flows runs --state asleep')).code).toBe(1);
    await oracle.reset();
  });
});

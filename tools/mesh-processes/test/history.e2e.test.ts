import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { newTenantKey } from '../src/index.js';
import { ask, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;
beforeAll(async () => {
  harness = await startMesh({ audit: true });
}, 240_000);
afterAll(async () => {
  await harness.close();
}, 60_000);

const runId = `run-${newId()}`;

async function call(tool: string, step: number, args: object): Promise<string> {
  const { body } = await ask(harness.mesh, 'POST', `/v1/tools/${tool}/execute`, {
    user_id: 'ada',
    agent: { id: 'bot', run_id: runId, step, thought: `I need item ${step}.` },
    arguments: args,
  });
  return String(body['call_id']);
}

async function textOf(path: string): Promise<string> {
  const { mesh } = harness;
  const response = await fetch(`${mesh.gatewayUrl}${path}`, {
    headers: { authorization: `Bearer ${mesh.apiKey}`, accept: 'text/plain' },
  });
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  return await response.text();
}

it('tells a run as thought, action and observation, proves it, exports it and erases a user', async () => {
  const { mesh } = harness;
  const calls = [await call('read_item', 1, { id: 'item-1' }), await call('read_item', 2, { id: 'item-2' })];
  await waitFor(
    async () => {
      const { body } = await ask(mesh, 'GET', `/v1/runs/${runId}`);
      const told = (body['calls'] ?? []) as { readonly status: string }[];
      return told.length === 2 && told.every(({ status }) => status === 'succeeded');
    },
    { what: 'the story of the run', timeoutMs: 60_000 },
  );
  const run = await ask(mesh, 'GET', `/v1/runs/${runId}`);
  expect(run.body['calls']).toMatchObject([
    { call_id: calls[0], step: 1, thought: 'I need item 1.', arguments: { id: 'item-1' }, attempts: 1 },
    { call_id: calls[1], step: 2, thought: 'I need item 2.', arguments: { id: 'item-2' }, attempts: 1 },
  ]);
  const text = await textOf(`/v1/runs/${runId}`);
  expect(text).toContain(`Run ${runId}\n\nThought      I need item 1.\nAction       read_item`);
  expect(text).toMatch(/\nObservation {2}succeeded \{/);
  expect(await textOf(`/v1/calls/${calls[1]}/story`)).toContain('Thought      I need item 2.');
  const outcome = await ask(mesh, 'GET', `/v1/calls/${calls[0]}`);
  expect(run.body['calls']).toMatchObject([{ trace_id: outcome.body['trace_id'] }, {}]);

  const entries = await ask(mesh, 'GET', `/v1/audit/entries?call_id=${calls[0]}`);
  expect((entries.body['entries'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
    'call.succeeded',
    'call.accepted',
  ]);
  const verified = await ask(mesh, 'GET', '/v1/audit/verify');
  expect(verified.body).toMatchObject({ intact: true, verified_from: 1, complete: true });
  expect((await ask(mesh, 'GET', '/v1/audit/checkpoint')).body).toMatchObject({
    seq: expect.any(Number) as number,
    signature: expect.any(String) as string,
    public_key: expect.any(String) as string,
  });
  const exported = await fetch(`${mesh.gatewayUrl}/v1/audit/export`, {
    headers: { authorization: `Bearer ${mesh.apiKey}` },
  });
  const lines = (await exported.text()).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(4 + 2);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ end: { seq: lines.length - 2 } });

  const erased = await ask(mesh, 'DELETE', '/v1/users/ada/data');
  expect(erased).toMatchObject({ status: 200, body: { entries: 4, seq: expect.any(Number) as number } });
  expect((await ask(mesh, 'GET', '/v1/audit/verify')).body).toMatchObject({ intact: true, complete: true });
  const after = await ask(mesh, 'GET', `/v1/calls/${calls[0]}/story`);
  expect(after.body).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(JSON.stringify(after.body)).not.toMatch(/\bada\b|item-1/);
});

describe('npm run audit:verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-history-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let publicKey = '';
  let exported = '';

  beforeAll(async () => {
    const { mesh } = harness;
    await call('read_item', 3, { id: 'item-9' });
    publicKey = String((await ask(mesh, 'GET', '/v1/audit/checkpoint')).body['public_key']);
    const answer = await fetch(`${mesh.gatewayUrl}/v1/audit/export`, {
      headers: { authorization: `Bearer ${mesh.apiKey}` },
    });
    exported = await answer.text();
  }, 60_000);

  /** The exit code and the output of the command. */
  function verify(...words: string[]): { readonly code: number | null; readonly said: string } {
    const main = fileURLToPath(new URL('../../../services/audit/dist/verify/main.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', './scripts/compile.mjs', main, ...words],
      {
        cwd: fileURLToPath(new URL('../../..', import.meta.url)),
        env: { PATH: process.env['PATH'], DATABASE_URL: harness.databaseUrl, AUDIT_PUBLIC_KEY: publicKey },
        encoding: 'utf8',
      },
    );
    return { code: status, said: stdout + stderr };
  }

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('finds the database and an export intact', () => {
    expect(verify('--json')).toMatchObject({
      code: 0,
      said: expect.stringContaining('"intact":true') as string,
    });
    const whole = verify('--file', file('whole.jsonl', exported));
    expect(whole).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^default: intact, \d+ entries/) as string,
    });
  }, 60_000);

  it.each([
    ['an early entry', '"entry":{', 0.1],
    ['an entry in the middle', '"entry":{', 0.5],
    ['the last entry', '"entry":{', 1],
    ['the hash of an entry', '"hash":"', 0.5],
  ])(
    'finds one changed byte in %s of an export (I13)',
    (_where, member, share) => {
      const bytes = Buffer.from(exported);
      const from =
        share === 1 ? bytes.lastIndexOf(member) : bytes.indexOf(member, Math.floor(bytes.length * share));
      expect(from).toBeGreaterThan(0);
      const place = bytes.findIndex((byte, index) => index > from && byte >= 0x30 && byte <= 0x38);
      bytes.writeUInt8(bytes.readUInt8(place) + 1, place);
      const { code, said } = verify('--file', file('changed.jsonl', bytes.toString()));
      expect([code, said]).toEqual([1, expect.stringMatching(/CHANGED at entry \d+, line \d+: /)]);
    },
    60_000,
  );

  it('finds an export without its last lines, and names a file that is none', () => {
    const lines = exported.trim().split('\n');
    expect(verify('--file', file('short.jsonl', lines.slice(0, -2).join('\n'))).code).toBe(1);
    expect(verify('--file', file('none.jsonl', '{"a":')).code).not.toBe(0);
    expect(verify('--file', join(folder, 'missing.jsonl'))).toMatchObject({ code: 2 });
    expect(verify('--nonsense')).toMatchObject({ code: 2 });
  }, 60_000);
});

it('answers a limited key as if the rest did not exist', async () => {
  const { mesh } = harness;
  const owner = await newTenantKey(mesh, 'acme');
  const headers = (key: string) => ({ authorization: `Bearer ${key}` });
  const limited = await ask(
    mesh,
    'POST',
    '/v1/keys',
    { role: 'viewer', holder: 'eve', users: ['eve'] },
    headers(owner),
  );
  const key = headers(String(limited.body['key']));
  const made = await ask(
    mesh,
    'POST',
    '/v1/tools/read_item/execute',
    { user_id: 'bob', agent: { id: 'bot', run_id: runId }, arguments: { id: 'item-3' } },
    headers(owner),
  );
  const callId = String(made.body['call_id']);
  await waitFor(
    async () =>
      (await ask(mesh, 'GET', `/v1/calls/${callId}/story`, undefined, headers(owner))).status === 200,
    { what: 'the story of the call', timeoutMs: 30_000 },
  );
  const paths = [
    `calls/${callId}/story`,
    `runs/${runId}`,
    'audit/verify',
    'audit/export',
    'audit/checkpoint',
  ];
  const statuses = [];
  for (const path of paths) statuses.push((await ask(mesh, 'GET', `/v1/${path}`, undefined, key)).status);
  expect(statuses).toEqual([404, 404, 403, 403, 403]);
  expect((await ask(mesh, 'GET', '/v1/audit/entries', undefined, key)).body).toEqual({ entries: [] });
  expect((await ask(mesh, 'GET', '/v1/audit/entries?user_id=bob', undefined, key)).status).toBe(403);
});

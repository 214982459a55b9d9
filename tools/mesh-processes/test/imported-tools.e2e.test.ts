import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { routes } from '@action-mesh/contracts/gateway';
import { ownOpenApiDocument } from '@action-mesh/gateway';
import { defined, newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { newTenantKey } from '../src/index.js';
import { ask, callOf, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;
let folder: string;

beforeAll(async () => {
  harness = await startMesh();
  folder = await mkdtemp(join(tmpdir(), 'imported-'));
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await harness.close();
}, 60_000);

const string = { type: 'string' };

/** An API of one operation, which the provider records. */
const api = (properties: Readonly<Record<string, object>>, required: readonly string[]): object => ({
  openapi: '3.1.0',
  info: { title: 'Parrot', version: '1' },
  paths: {
    '/echo': {
      post: {
        operationId: 'say',
        summary: 'Says it back',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', properties, required, additionalProperties: false },
            },
          },
        },
        responses: { 200: { description: 'ok' } },
      },
    },
  },
});

interface Imported {
  readonly toolkit: { readonly release: string; readonly stable: string; readonly held?: string };
}

/** Runs the import command against the catalog of this mesh. */
async function importApi(document: object): Promise<Imported['toolkit']> {
  const file = join(folder, `${newId()}.json`);
  await writeFile(file, JSON.stringify(document));
  const command = fileURLToPath(new URL('../../../clients/cli/dist/main.js', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [command, 'tools', 'import', file, '--base-url', harness.oracle.url, '--json'],
    {
      env: {
        ...process.env,
        GATEWAY_URL: harness.mesh.gatewayUrl,
        GATEWAY_API_KEY: harness.mesh.apiKey,
      },
    },
  );
  return (JSON.parse(stdout) as Imported).toolkit;
}

const execute = (args: object, version?: string, path = '/v1/tools/parrot_say/execute') =>
  ask(harness.mesh, 'POST', path, {
    ...callOf(args, newId()),
    ...defined({ version }),
  });

async function untilCallable(slug: string, version: string): Promise<number> {
  const startedAtMs = performance.now();
  await waitFor(
    async () => (await ask(harness.mesh, 'GET', `/v1/tools/${slug}`)).body['version'] === version,
    { timeoutMs: 10_000, what: `${slug} ${version} at the gateway` },
  );
  return performance.now() - startedAtMs;
}

describe("the mesh's own document", () => {
  it('becomes a toolkit of the mesh, whose tools run', async () => {
    await importApi(ownOpenApiDocument());
    const { body } = await ask(harness.mesh, 'GET', '/v1/toolkits/action_mesh');
    expect(body['tools']).toBe(Object.keys(routes).length);
    await untilCallable('action_mesh_live', '1.0.0');
    const ran = await execute({}, undefined, '/v1/tools/action_mesh_live/execute');
    expect(ran).toMatchObject({ body: { tool: { slug: 'action_mesh_live' } } });
    expect(await harness.oracle.requests({ path: '/health/live' })).toHaveLength(1);
  });
});

describe('a tool from an OpenAPI document', () => {
  let first: Imported['toolkit'];

  it('is callable within a second of its import', async () => {
    first = await importApi(api({ text: string }, ['text']));
    expect(await untilCallable('parrot_say', '1.0.0')).toBeLessThan(1_000);
    const { status, body } = await execute({ text: 'hello' });
    expect([status, body['status']]).toEqual([200, 'succeeded']);
    const seen = await harness.oracle.requests({ path: '/echo' });
    expect(seen.at(-1)?.body).toEqual({ text: 'hello' });
  });

  it('keeps unpinned callers at the working version when a newer document breaks callers', async () => {
    const second = await importApi(api({ text: string, tone: string }, ['text', 'tone']));
    expect(second).toMatchObject({
      stable: first.release,
      held: expect.stringContaining('breaks callers') as unknown,
    });
    expect(await execute({ text: 'still' })).toMatchObject({
      status: 200,
      body: { tool: { version: '1.0.0' } },
    });
    await waitFor(async () => (await execute({ text: 'a', tone: 'b' }, second.release)).status === 200, {
      what: 'the new date to be callable',
    });
    expect(await execute({ text: 'a', tone: 'b' }, '2.0.0')).toMatchObject({
      body: { tool: { version: '2.0.0' } },
    });
    expect(await execute({ text: 'a' }, 'latest')).toMatchObject({
      status: 404,
      body: { code: 'tool_version_not_found' },
    });

    await ask(harness.mesh, 'PUT', '/v1/toolkits/parrot/stable', { version: second.release });
    await untilCallable('parrot_say', '2.0.0');
    expect((await execute({ text: 'late' })).status).toBe(422);
    const changes = await ask(
      harness.mesh,
      'GET',
      `/v1/toolkits/parrot/changes?from=${first.release}&to=${second.release}`,
    );
    expect(changes.body).toMatchObject({ changes: [{ slug: 'parrot_say', kind: 'breaking' }] });
  });

  it("keeps the team's override over the next import", async () => {
    const patch = { description: 'Repeats a text.', arguments: { tone: { hidden: { value: 'kind' } } } };
    const overrides = '/v1/toolkits/parrot/tools/parrot_say/overrides';
    const proposed = await ask(harness.mesh, 'POST', overrides, { patch });
    expect(proposed).toMatchObject({ status: 201, body: { override: { revision: 1, state: 'proposed' } } });
    const own = await ask(harness.mesh, 'POST', `${overrides}/1/approve`);
    expect(own).toMatchObject({ status: 409, body: { code: 'catalog_refused' } });
    const grace = await newTenantKey(harness.mesh, 'default', { role: 'author', holder: 'grace' });
    const approved = await ask(harness.mesh, 'POST', `${overrides}/1/approve`, undefined, {
      authorization: `Bearer ${grace}`,
    });
    expect(approved).toMatchObject({ status: 200, body: { override: { state: 'approved' } } });
    await ask(harness.mesh, 'PUT', '/v1/toolkits/parrot/stable', { version: approved.body['release'] });
    await waitFor(async () => (await execute({ text: 'overridden' })).status === 200, {
      what: 'the override',
    });
    const seen = await harness.oracle.requests({ path: '/echo' });
    expect(seen.at(-1)?.body).toEqual({ tone: 'kind', text: 'overridden' });

    await importApi(api({ text: string, tone: string, loud: { type: 'boolean' } }, ['text', 'tone']));
    await waitFor(async () => (await execute({ text: 'x', loud: true })).status === 200, {
      what: 'the next version',
    });
    const { body } = await ask(harness.mesh, 'GET', '/v1/tools/parrot_say');
    expect(body).toMatchObject({
      description: 'Repeats a text.',
      effect: 'opaque',
      effect_source: 'inferred',
    });
  });

  it('is found, described and called by execute_tool as by a direct call', async () => {
    const found = await execute({ query: 'repeat a text' }, undefined, '/v1/tools/search_tools/execute');
    expect((found.body['result'] as { readonly tools: readonly unknown[] }).tools[0]).toMatchObject({
      name: 'parrot_say',
    });
    const described = await execute({ tool: 'parrot_say' }, undefined, '/v1/tools/describe_tool/execute');
    expect(described.body).toMatchObject({
      result: { slug: 'parrot_say', token_cost: expect.any(Number) as unknown },
    });
    const runId = newId();
    const direct = await ask(
      harness.mesh,
      'POST',
      '/v1/tools/parrot_say/execute',
      callOf({ text: 'once' }, runId),
    );
    const through = await ask(
      harness.mesh,
      'POST',
      '/v1/tools/execute_tool/execute',
      callOf({ tool: 'parrot_say', arguments: { text: 'once' } }, runId),
    );
    expect(through.body).toMatchObject({
      status: 'succeeded',
      duplicate_of: direct.body['call_id'],
      result: direct.body['result'],
    });
    const wrong = await execute(
      { tool: 'parrot_say', arguments: { txet: 1 } },
      undefined,
      '/v1/tools/execute_tool/execute',
    );
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_arguments' } });
  });

  it('takes arguments in the strict form of a model', async () => {
    const listed = await ask(harness.mesh, 'GET', '/v1/tools?toolkit=parrot&form=openai');
    expect(listed.body).toMatchObject({ tools: [{ name: 'parrot_say', strict: true }] });
    const args = { text: 'strict', loud: null };
    expect((await execute(args, undefined, '/v1/tools/parrot_say/execute?form=openai')).status).toBe(200);
    expect((await execute(args)).status).toBe(422);
    const found = await execute(
      { query: 'say', toolkit: null, limit: null },
      undefined,
      '/v1/tools/search_tools/execute?form=openai',
    );
    expect(found).toMatchObject({
      status: 200,
      body: { type: 'function_call_output', output: expect.stringContaining('parrot_say') as unknown },
    });
  });

  it('waits while its provider refuses it, and has one effect, although its effect is opaque (I2, I6)', async () => {
    const { oracle } = harness;
    const refuse = (status: number, retryAfter: string) =>
      oracle.behave({
        match: { path: '/echo' },
        mode: 'status',
        status,
        headers: { 'retry-after': retryAfter },
        times: 1,
      });
    await oracle.reset();
    await refuse(503, '1');
    await refuse(429, '1');
    const { status, body } = await execute({ text: 'patient' });
    expect([status, body['status'], body['attempts']]).toEqual([200, 'succeeded', 3]);
    const seen = await oracle.requests({ path: '/echo' });
    expect(seen.map((request) => request.effect)).toEqual(['refused', 'refused', 'new']);
    for (const [index, request] of seen.slice(1).entries()) {
      expect(request.atMs - (seen[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('is sent once when its provider broke off, since the call may have happened (I2)', async () => {
    const { oracle } = harness;
    await oracle.reset();
    await oracle.behave({ match: { path: '/echo' }, mode: 'error-after-effect', status: 503 });
    const { body } = await execute({ text: 'unsure' });
    expect(body).toMatchObject({ status: 'needs_review', attempts: 1 });
    expect((await oracle.effects()).effects).toBe(1);
    await oracle.reset();
  });

  it('runs while the catalog is down, and after gateway and executor restarted meanwhile', async () => {
    await harness.mesh.kill('catalog');
    await harness.mesh.stop('gateway');
    await harness.mesh.start('gateway');
    expect((await execute({ text: 'alone' })).status).toBe(200);
    const refused = await ask(harness.mesh, 'GET', '/v1/toolkits');
    expect(refused).toMatchObject({ status: 503, body: { code: 'mesh_unavailable' } });
    await harness.mesh.start('catalog');
    const { body } = await ask(harness.mesh, 'GET', '/v1/toolkits');
    expect(body['toolkits']).toEqual(
      expect.arrayContaining([expect.objectContaining({ toolkit: 'parrot', tools: 1 })]),
    );
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { firstFreePort } from './free-ports.js';

jest.setTimeout(300_000);

const root = join(import.meta.dirname, '../../..');

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One `npm start` as a person runs it, with its arguments, its environment and its output. */
class Start implements AsyncDisposable {
  output = '';
  readonly #child: ChildProcess;

  readonly #port: number;

  constructor(port: number, environment: Readonly<Record<string, string>>, words: readonly string[] = []) {
    this.#port = port;

    const file = join(root, 'services/standalone/dist/main.js');
    this.#child = spawn(process.execPath, [file, ...words], {
      cwd: root,
      env: { PATH: process.env['PATH'], PORT: String(port), ...environment },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  async ready(): Promise<this> {
    await waitFor(
      () => {
        if (this.#child.exitCode !== null) throw new Error(`npm start ended\n${this.output}`);
        return this.output.includes('Ctrl-C');
      },
      { what: 'the welcome', timeoutMs: 120_000 },
    );
    return this;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async says(text: string | RegExp): Promise<void> {
    await waitFor(() => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output)), {
      what: `"${String(text)}" in\n${this.output}`,
      timeoutMs: 30_000,
    });
  }

  async ask(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'wait=20' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}

const toolFile = (slug: string, port: number): string => `
import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';
const slug: string = '${slug}';
export const tool = defineTool({
  slug, version: '1.0.0', toolkit: 'mine',
  provider: { slug: 'mine', baseUrl: 'http://localhost:${port}' },
  description: 'Reads a thing of mine.',
  input: z.strictObject({ id: z.string() }),
  http: { method: 'GET', path: '/things/{id}' },
  effect: { class: 'read' },
});
`;

/** A local API that serves its own OpenAPI document. */
async function localApi(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createHttpServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    response.setHeader('content-type', 'application/json');
    if (request.url === '/things/refused') response.statusCode = 400;
    response.end(
      JSON.stringify(
        request.url === '/openapi.json'
          ? {
              openapi: '3.1.0',
              info: { title: 'Local', version: '1' },
              servers: [{ url: `http://localhost:${port}` }],
              paths: {
                '/notes': { get: { operationId: 'listNotes', responses: { 200: { description: 'ok' } } } },
              },
            }
          : { path: request.url },
      ),
    );
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

describe('npm start', () => {
  let folder: string;
  let api: Awaited<ReturnType<typeof localApi>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mesh-start-'));
    api = await localApi();
    await mkdir(join(folder, 'tools'));
    await writeFile(join(folder, 'tools/read.ts'), toolFile('my_read', api.port));
    if (existsSync(join(root, '.mesh/kafka')))
      await symlink(join(root, '.mesh/kafka'), join(folder, 'kafka'));
  });

  afterAll(async () => {
    api.server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  });

  it('keeps calls, tools and limits over a kill, applies edits, reaches a local API, and reports failed calls', async () => {
    const port = await firstFreePort();
    const environment = { MESH_STACK_FOLDER: folder, CATALOG_TOOLS: join(folder, 'tools') };
    await using first = await new Start(port, environment).ready();
    expect(first.output).toContain(`Tools: 3 demo tools, 1 from ${join(folder, 'tools')}.`);
    const key = /GATEWAY_API_KEY=(mesh_\S+)/.exec(first.output)?.[1] ?? '';

    const read = (id: string): object => ({ user_id: 'ada', idempotency_key: id, arguments: { id } });
    const done = await first.ask(key, 'POST', '/v1/tools/my_read/execute', read('1'));
    expect(done.body).toMatchObject({ status: 'succeeded', result: { path: '/things/1' } });
    const failed = await first.ask(key, 'POST', '/v1/tools/my_read/execute', read('refused'));
    expect(failed.body).toMatchObject({ status: 'failed' });
    await first.says(new RegExp(`my_read for ada failed: .*\\(call ${String(failed.body['call_id'])}\\)`));

    const imported = spawn(
      process.execPath,
      [
        join(root, 'clients/cli/dist/main.js'),
        'tools',
        'import',
        `http://localhost:${api.port}/openapi.json`,
      ],
      {
        cwd: root,
        env: {
          PATH: process.env['PATH'],
          GATEWAY_URL: `http://127.0.0.1:${port}`,
          GATEWAY_API_KEY: key,
        },
      },
    );
    let importOutput = '';
    for (const stream of [imported.stdout, imported.stderr])
      stream.on('data', (chunk: Buffer) => (importOutput += chunk.toString()));
    await once(imported, 'close');
    expect({ code: imported.exitCode, importOutput }).toMatchObject({ code: 0 });
    expect(importOutput).toContain(`EGRESS_ALLOW of the executors has localhost:${api.port}`);

    await writeFile(join(folder, 'tools/more.ts'), toolFile('my_more', api.port));
    await first.says('tools: published my_more@1.0.0');
    await writeFile(join(folder, 'tools/more.ts'), 'export const tool = {');
    await first.says(/more\.ts cannot be read: syntax error at line 1, column \d+/);
    const more = await first.ask(key, 'GET', '/v1/tools/my_more');
    expect(more.status).toBe(200);
    await rm(join(folder, 'tools/more.ts'));
    await first.says('tools: withdrew my_more@1.0.0');

    const limit = { id: 'mine', match: { provider: 'mine' }, per: 'provider', limit: 600, window: '1m' };
    const put = await first.ask(key, 'PUT', '/v1/limits/mine', limit);
    expect({ ...put, isDone: put.status < 300 }).toMatchObject({ isDone: true });

    const second = new Start(port + 100, environment);
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain(`another start uses the data in ${join(folder, 'data')}`);
    const third = new Start(port, { ...environment, MESH_STACK_FOLDER: join(folder, 'other') });
    expect(await third.ended()).toBe(1);
    expect(third.output).toMatch(
      new RegExp(
        `^PORT ${port} is taken, perhaps by a mesh that runs already\\. Start on other ports: PORT=\\d+ npm start\\n$`,
      ),
    );

    await first.end('SIGKILL');
    await using again = await new Start(port, { MESH_STACK_FOLDER: folder }).ready();
    expect(again.output).toContain('export GATEWAY_API_KEY=$(cat ');
    expect(again.output).toMatch(
      /kept although no folder defines them any more: my_read@1\.0\.0\. CATALOG_WITHDRAW=yes/,
    );
    expect((await again.ask(key, 'GET', `/v1/calls/${String(done.body['call_id'])}`)).body).toMatchObject({
      state: 'SUCCEEDED',
    });
    const toolkits = JSON.stringify((await again.ask(key, 'GET', '/v1/toolkits')).body);
    expect(toolkits).toContain('local');
    expect(JSON.stringify((await again.ask(key, 'GET', '/v1/limits')).body)).toContain('"mine"');
    const repeated = await again.ask(key, 'POST', '/v1/tools/my_read/execute', read('1'));
    expect(repeated.body).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await again.end('SIGINT')).toBe(0);
  });
});

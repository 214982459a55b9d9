import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, Script } from 'node:vm';

import { jest } from '@jest/globals';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(240_000);

/** The packages as they are published: packed, installed in an empty folder and used there, on a real mesh. */

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const adapters = ['ai-sdk', 'langchain', 'llamaindex', 'mastra', 'openai-agents'];

let folder: string;
let harness: MeshHarness;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-packed-'));
  harness = await startMesh({ form: 'one process' });
  tarball = await pack('sdk');
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
});

afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function pack(client: string): Promise<string> {
  const { stdout } = await run('node', ['scripts/pack-client.mjs', `clients/${client}`, folder], {
    cwd: root,
  });
  return stdout.trim().split('\n').at(-1) ?? '';
}

/** The complaints of both judges about a tarball. */
async function complaints(packed: string): Promise<string[]> {
  const bytes = await readFile(packed);
  const { messages, pkg } = await publint({
    pack: {
      tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    },
    strict: true,
  });
  const attw = await run('node', [
    join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
    packed,
    '--no-emoji',
  ]).then(
    () => '',
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
  return [...messages.map((message) => formatMessage(message, pkg) ?? message.code), attw].filter(Boolean);
}

/** What the compiler says about files of a folder, without the types of Node.js. */
async function compilerErrors(cwd: string, files: readonly string[]): Promise<string> {
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return run('node', [tsc, ...options, '--skipLibCheck', 'false', '--lib', 'es2023,dom', ...files], {
    cwd,
  }).then(
    () => '',
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}

const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  MESH_URL: harness.mesh.gatewayUrl,
  MESH_KEY: harness.mesh.apiKey,
});
const program = `
  const mesh = new ActionMesh();
  mesh.tools.execute('post_message', { channel: '#x', text: 'packed' }, { userId: 'ada' })
    .then(({ status }) => mesh.tools.execute('no_such_tool', {}, { userId: 'ada' })
      .catch((error) => console.log(status, error instanceof NotFoundError, error.code)));
`;

describe('the packed SDK', () => {
  it('has no complaint of publint and arethetypeswrong, and no dependency', async () => {
    expect(await complaints(tarball)).toEqual([]);
    const manifest = JSON.parse(
      await readFile(join(folder, 'node_modules/@action-mesh/sdk/package.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect(manifest).not.toHaveProperty('dependencies');
    expect(JSON.stringify(manifest)).not.toContain('source');
  });

  it.each([
    ['import', 'used.mjs', `import { ActionMesh, NotFoundError } from '@action-mesh/sdk';`],
    ['require', 'used.cjs', `const { ActionMesh, NotFoundError } = require('@action-mesh/sdk');`],
  ])('runs a tool by %s', async (_, file, head) => {
    await writeFile(join(folder, file), `${head}${program}`);
    const { stdout } = await run('node', [file], { cwd: folder, env: environment() });
    expect(stdout.trim()).toBe('succeeded true tool_not_found');
  });

  it('runs where no module of Node.js exists, as at the edge', async () => {
    const home = join(folder, 'node_modules/@action-mesh/sdk');
    const lines: string[] = [];
    // A bundler joins the files of the package. No other module exists.
    const load = (name: string): unknown => {
      if (!name.startsWith('./')) throw new Error(`there is no ${name}`);
      const module = { exports: {} };
      const source = readFileSync(join(home, name), 'utf8');
      const wrapper = new Script(`(function (exports, module, require) {${source}\n})`);
      (wrapper.runInContext(context) as (...given: unknown[]) => void)(module.exports, module, load);
      return module.exports;
    };
    const context = createContext(
      {
        ...{ fetch, URL, URLSearchParams, Headers, AbortController, AbortSignal, TextEncoder, TextDecoder },
        ...{ crypto, performance, setTimeout, clearTimeout, atob },
        options: { baseUrl: harness.mesh.gatewayUrl, apiKey: harness.mesh.apiKey },
        done: (line: string) => lines.push(line),
      },
      { codeGeneration: { strings: false, wasm: false } },
    );
    Object.assign(context, { sdk: load('./index.cjs') });
    const call = `(async () => {
      const mesh = new sdk.ActionMesh(options);
      const outcome = await mesh.tools.execute('post_message', { channel: '#x', text: 'edge' }, { userId: 'ada' });
      done(outcome.status);
      const error = await sdk.verifyWebhook('{}', new Headers(), 'whsec_AAAA').catch((thrown) => thrown);
      done(error.code);
    })()`;
    await new Script(call).runInContext(context);
    expect(lines).toEqual(['succeeded', 'webhook_header_missing']);
  });

  it('checks the arguments of declared tools', async () => {
    const types = join(folder, 'typed');
    await mkdir(types);
    await writeFile(
      join(types, 'tools.ts'),
      `import '@action-mesh/sdk';
       declare module '@action-mesh/sdk' {
         interface ToolTypes { post_message: { input: { channel: string; text: string }; output: { ts: string } } }
       }`,
    );
    await writeFile(
      join(types, 'program.ts'),
      `import { ActionMesh } from '@action-mesh/sdk';
       import './tools.js';
       const mesh = new ActionMesh();
       const outcome = await mesh.tools.execute('post_message', { channel: '#x', text: 'x' }, { userId: 'ada' });
       if (outcome.status === 'succeeded') console.log(outcome.result.ts.length);
       // @ts-expect-error the text is missing
       await mesh.tools.execute('post_message', { channel: '#x' }, { userId: 'ada' });
       await mesh.tools.execute('any_other', { anything: 1 }, { userId: 'ada' });`,
    );
    await writeFile(join(types, 'package.json'), '{"type":"module"}');
    expect(await compilerErrors(types, ['program.ts', 'tools.ts'])).toBe('');
  });

  it('has the authoring API of flows, and an imported draft compiles with it', async () => {
    const draft = join(folder, 'draft');
    const exported = join(root, 'libs/flow-import/test/fixtures/lead.n8n.json');
    await run('npm', ['run', '-s', 'mesh', '--', 'import-flow', exported, '--out', draft], { cwd: root });
    await writeFile(join(draft, 'package.json'), '{"type":"module"}');
    expect(await compilerErrors(draft, ['new-lead.ts', 'tools.ts'])).toBe('');
    await writeFile(
      join(draft, 'unfinished.ts'),
      `import { todo } from '@action-mesh/sdk/flows';\ntodo('write it');\n`,
    );
    expect(await compilerErrors(draft, ['unfinished.ts'])).toContain('UnfinishedStep');
  });

  it.each([
    [
      'import',
      'flow.mjs',
      `import { flow, trigger, toNumber, FlowValueError } from '@action-mesh/sdk/flows';`,
    ],
    [
      'require',
      'flow.cjs',
      `const { flow, trigger, toNumber, FlowValueError } = require('@action-mesh/sdk/flows');`,
    ],
  ])('defines a flow by %s', async (_, file, head) => {
    const body = `
      const made = flow({ id: 'a', version: 1, on: trigger.manual(), user: 'u' }, async () => undefined);
      try { toNumber('x'); } catch (error) { console.log(made.on.kind, error instanceof FlowValueError); }`;
    await writeFile(join(folder, file), head + body);
    expect((await run('node', [file], { cwd: folder })).stdout.trim()).toBe('manual true');
  });
});

describe('the packed adapter', () => {
  it.each(adapters)('%s has no complaint of publint and arethetypeswrong', async (adapter) => {
    expect(await complaints(await pack(adapter))).toEqual([]);
  });
});

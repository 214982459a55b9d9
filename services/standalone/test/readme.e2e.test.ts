import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { firstFreePort } from './free-ports.js';

jest.setTimeout(180_000);

const root = join(import.meta.dirname, '../../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/**
 * Commands that change the checkout, need other servers, or run for long. Each has a word of the command and the place
 * of its test.
 */
const elsewhere: readonly (readonly [word: string, where: string])[] = [
  ['npm ci && npm start', 'npm-start.e2e.test.ts; every run of these tests begins with an installation'],
  ['npm run verify', 'the build that runs these tests'],
  ['docker compose up', 'libs/devstack/test/docker-compose.test.ts'],
  ['npm run import', 'npm-start.e2e.test.ts and run-import.test.ts of the catalog'],
  ['github_issues_create/overrides', 'imported-tools.e2e.test.ts, with an API of its own'],
  ['crm_create_contact/overrides', 'imported-tools.e2e.test.ts, with an API of its own'],
  ['npm run new ', 'scripts/new/new.test.ts'],
  ['AUTH_BROKER_PLATFORM_KEY', 'services/auth-broker/test, with a broker and a key of its own'],
  ['sed -i', 'nowhere: these edits of the guides change the checkout'],
  ['perl -i', 'nowhere: the edit changes the checkout'],
  ['npm run generate', 'tools/documents/src/documents.test.ts'],
  ['mesh -- import-flow', 'moving-in-guide.test.ts of the CLI, in its process'],
  ['npx nx test', 'the build that runs these tests'],
  ['npx prettier --check', 'the build that runs these tests'],
  ['ALTER TABLE', 'libs/postgres/test/repeatable-migrations.integration.test.ts, with migrations of its own'],
  ['ledger.integration.test.ts', 'the build that runs these tests'],
  ['FLOWS=./flows npm start', 'tools/mesh-processes/test/flows.e2e.test.ts, with flows of its own'],
  ['outcome-stream.mjs', 'the last test of this file'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'trace.e2e.test.ts, with a receiver of its own'],
];

/** The fenced blocks of a language, in order. */
function blocks(language: string, text = readme): string[] {
  const fence = '```';
  return text
    .split(`\n${fence}${language}\n`)
    .slice(1)
    .map((part) => part.slice(0, part.indexOf(`\n${fence}`)));
}

const isElsewhere = (block: string): boolean => elsewhere.some(([word]) => block.includes(word));

/** Every command of every README and guide. */
const commands = [
  'README.md',
  'CONTRIBUTING.md',
  'deploy/README.md',
  ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`),
  ...['clients', 'examples', 'libs', 'services', 'tools'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((project) => `${group}/${project}/README.md`)
      .filter((path) => existsSync(join(root, path))),
  ),
].flatMap((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  return [...blocks('sh', text), ...blocks('bash', text)].map((block) => ({ path, block }));
});
const runHere = commands.filter(({ block }) => !isElsewhere(block));
/** The commands of a README one by one; those of a guide as one script, since its steps share variables. */
const scripts = [
  ...runHere.filter(({ path }) => !path.startsWith('docs/guides/')),
  ...[...new Set(runHere.map(({ path }) => path))]
    .filter((path) => path.startsWith('docs/guides/'))
    .map((path) => ({
      path,
      block: runHere
        .filter((command) => command.path === path)
        .map(({ block }) => block)
        .join('\n'),
    })),
];

/** The block with the name of the file in its first line. */
function file(name: string, document = 'README.md'): string {
  const text = readFileSync(join(root, document), 'utf8');
  const found = blocks('js', text).find((block) => block.startsWith(`// ${name}\n`));
  if (found === undefined) throw new Error(`${document} has no ${name}`);
  return found;
}

let folder: string;
let port: number;
let api: Server;
let mesh: ChildProcess;
let output = '';

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function start(command: string, words: readonly string[]): ChildProcess {
  const brokers = /Kafka is at (\S+)\.\s/.exec(output)?.[1] ?? '';
  return spawn(command, words, { cwd: folder, env: { PATH: process.env['PATH'], KAFKA_BROKERS: brokers } });
}

/** Runs a command. Returns its output up to its end, or up to `until`. */
async function run(command: string, words: readonly string[], until?: string): Promise<string> {
  const child = start(command, words);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    await waitFor(() => child.exitCode !== null || (until !== undefined && printed.includes(until)), {
      timeoutMs: 40_000,
      what: `"${until ?? 'the end'}" of ${words.join(' ')}: ${printed}`,
    });
  } finally {
    child.kill('SIGKILL');
  }
  return printed;
}

/** Runs commands of a document against this mesh: only the ports of the gateway and the simulator differ. */
const shell = (command: string): Promise<string> =>
  run('bash', [
    '-c',
    command
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replaceAll('127.0.0.1:8087', `127.0.0.1:${port + 7}`),
  ]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-readme-'));
  await mkdir(join(folder, 'mytools'));
  await mkdir(join(folder, '.mesh/data'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(root, 'examples'), join(folder, 'examples'));
  if (existsSync(join(root, '.mesh/kafka')))
    await symlink(join(root, '.mesh/kafka'), join(folder, '.mesh/kafka'));
  api = createHttpServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"id":7615917337495251231}');
  });
  const apiPort = await listening(api);
  const tools = [file('mytools/note.js'), file('mytools/weather.js', 'docs/guides/add-a-tool.md')];
  for (const [index, tool] of tools.entries())
    await writeFile(join(folder, `mytools/${index}.js`), tool.replace(':3000', `:${apiPort}`));
  await writeFile(join(folder, 'call.mjs'), file('call.mjs'));
  await writeFile(join(folder, 'agent.mjs'), file('agent.mjs'));
  port = await firstFreePort();
  mesh = spawn(process.execPath, [join(root, 'services/standalone/dist/main.js')], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      MESH_STACK_FOLDER: join(folder, '.mesh'),
      CATALOG_TOOLS: join(folder, 'mytools'),
    },
  });
  for (const stream of [mesh.stdout, mesh.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitFor(() => output.includes('Ctrl-C') || mesh.exitCode !== null, {
    timeoutMs: 120_000,
    what: 'the mesh',
  });
  if (!existsSync(join(folder, '.mesh/data/api-key'))) throw new Error(output);
});

afterAll(async () => {
  api.close();
  if (mesh.exitCode === null) {
    mesh.kill('SIGINT');
    await once(mesh, 'exit');
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

describe('a README', () => {
  it.each(scripts)('of $path has working commands: $block', async ({ block }) => {
    const answer = await shell(block);
    expect(answer).toMatch(/"status":"succeeded"|"tool_result"|"trigger_id"|"published":|"isError":false/);
    expect(answer).not.toMatch(/"is_error":true|"status":"refused"|urn:action-mesh:problem/);
  });

  it('exempts only commands that a README or a guide contains', () => {
    for (const [word] of elsewhere) expect(commands.some(({ block }) => block.includes(word))).toBe(true);
  });

  it('shows that a repeated command does not reach the provider again', async () => {
    const [, command = ''] = blocks('sh');
    await shell(command);
    expect(await shell(command)).toContain('"replayed":true');
  });

  it('has a tool with an answer that reaches a model unchanged', async () => {
    const command = blocks('sh').find((block) => block.includes('notes_add')) ?? '';
    expect(await shell(command)).toContain('7615917337495251231');
  });

  it('has a call over Kafka that gets its outcome', async () => {
    expect(await run('node', ['call.mjs'])).toContain('"status":"succeeded"');
  });

  it('has an agent that receives a trigger', async () => {
    const hook = blocks('sh').find((block) => block.includes('/v1/hooks/')) ?? '';
    await shell(hook);
    expect(await run('node', ['agent.mjs'], 'ada@example.com')).toContain('"trigger":"new_lead_created"');
  });

  it('has an MCP host whose repeated call acts once', async () => {
    const [command = ''] = commands.flatMap(({ block }) => (block.includes('mcp-client.mjs') ? [block] : []));
    const printed = await shell(command);
    expect(printed).toMatch(/revision 2026-07-28[^]*tool slack_post_message[^]*called \{"isError":false/);
    expect(printed).toMatch(/again \{"isError":false.*"action-mesh\/replayed":true/);
  });

  it('has a stream of outcomes that continues after a break, by an EventSource library', async () => {
    const [command = ''] = commands.flatMap(({ block }) =>
      block.includes('outcome-stream.mjs') ? [block] : [],
    );
    const printed = await shell(command);
    const [first = '', second = ''] = printed.split('connects again, behind ');
    for (const part of [first, second]) expect(part).toMatch(/outcome \{.*"status":"succeeded"/);
    const ids = [...printed.matchAll(/submitted \{"call_id":"([^"]+)"/g)].map(([, id]) => id);
    const told = [...printed.matchAll(/outcome \{"call_id":"([^"]+)"/g)].map(([, id]) => id);
    expect([told, told.length]).toEqual([ids, 2]);
  });
});

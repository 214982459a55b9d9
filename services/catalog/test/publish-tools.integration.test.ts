import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import { createDatabase, startKafka, type KafkaHandle, type OwnDatabase } from '@action-mesh/devstack';
import { CompactedTopic, encodeTombstone, KafkaProducer, TopicFollower } from '@action-mesh/messaging';
import { createPool } from '@action-mesh/postgres';
import { leakCheck, sampleTool, waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { PostgresCatalogStore } from '../src/adapters/postgres/postgres-catalog-store.js';
import { catalogConfig, startCatalog, type CatalogConfig, type PublicationReport } from '../src/index.js';

jest.setTimeout(120_000);

/** A broker for this test alone, because other tests publish tools too. */
let kafka: KafkaHandle;
let database: OwnDatabase;
/** A folder inside the project, in which tools find `@action-mesh/tools`. */
let workspace: string;

beforeAll(async () => {
  kafka = await startKafka();
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'mesh_test');
  workspace = await mkdtemp(join(import.meta.dirname, '.tools-'));
});

afterAll(async () => {
  await rm(workspace, { recursive: true, force: true });
  await database[Symbol.asyncDispose]();
  await kafka[Symbol.asyncDispose]();
});

leakCheck();

interface ToolsAnswer {
  readonly published: readonly { readonly slug: string; readonly version: string }[];
  readonly refused: readonly {
    readonly source: string;
    readonly slug?: string;
    readonly problems: unknown;
  }[];
}

const fileOf = (slug: string, changes = ''): string => `
import { defineTool } from '@action-mesh/tools';
export const tool = defineTool({
  slug: '${slug}',
  version: '1.0.0',
  provider: { slug: 'acme', baseUrl: 'https://api.acme.test' },
  description: 'Does something.',
  input: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  http: { method: 'PUT', path: '/${slug}/{id}' },
  ${changes}
});
`;

const serviceKey = 'k'.repeat(48);

let folders = 0;

/** A deployment's tools. Every run has its own folder, because a process evaluates a file once. */
async function toolFolder(files: Readonly<Record<string, string>>): Promise<string> {
  folders += 1;
  const folder = join(workspace, String(folders));
  await mkdir(folder);
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, `${name}.mjs`), text)),
  );
  return folder;
}

const configOf = (folder: string, port = 0, changes: Readonly<Record<string, string>> = {}): CatalogConfig =>
  catalogConfig({
    KAFKA_BROKERS: kafka.brokers.join(','),
    DATABASE_URL: database.url,
    MESH_SERVICE_KEY: serviceKey,
    CATALOG_TOOLS: folder,
    PORT: String(port),
    LOG_LEVEL: 'silent',
    ...changes,
  });

/** Starts a catalog on the folder, reads its published and refused tools, and stops it. */
async function runCatalog(
  folder: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<ToolsAnswer> {
  await using catalog = await startCatalog(configOf(folder, 0, changes));
  const ready = await fetch(`${catalog.url}/health/ready`);
  expect(ready.status).toBe(200);
  expect((await fetch(`${catalog.url}/internal/tools`)).status).toBe(401);
  const answer = await fetch(`${catalog.url}/internal/tools`, {
    headers: { 'x-mesh-service-key': serviceKey },
  });
  return (await answer.json()) as ToolsAnswer;
}

/** The state after an instance has died between the record and the topics. */
async function writeAsAnother(newTools: readonly Tool[]): Promise<void> {
  const pool = createPool({
    url: database.url,
    schema: 'catalog',
    applicationName: 'another',
    maxConnections: 1,
  });
  await new PostgresCatalogStore(pool).commit({ name: 'orphans', origin: 'import', revision: 0, newTools });
  await pool.end();
}

const client = (name: string) => ({ brokers: kafka.brokers, clientId: name });

/**
 * The keys of the records that are written to the topic during `action`. The key of a tombstone has a leading minus. A
 * final record of the test shows that all others have arrived, because the topic has one partition.
 */
async function recordsDuring(action: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const follower = new TopicFollower({
    client: client('follower'),
    topic: ToolPublished.topic,
    onRecord: ({ key, value }) => seen.push(`${value === null ? '-' : ''}${key?.toString() ?? ''}`),
  });
  const producer = new KafkaProducer({ client: client('marker'), topics: [ToolPublished.topic] });
  try {
    await follower.start();
    await action();
    await producer.send(encodeTombstone(ToolPublished, 'end-of-test'));
    await waitFor(() => seen.at(-1) === '-end-of-test', { what: 'the last record' });
  } finally {
    await producer.close();
    await follower.close();
  }
  return seen.slice(0, -1).sort();
}

async function withView<Result>(
  look: (view: CompactedTopic<typeof ToolPublished.schema>) => Result | Promise<Result>,
): Promise<Result> {
  const view = new CompactedTopic({ client: client('view'), definition: ToolPublished });
  try {
    await view.ready;
    return await look(view);
  } finally {
    await view.close();
  }
}

const keysOf = (view: CompactedTopic<typeof ToolPublished.schema>): string[] =>
  [...view.values()].map((tool) => ToolPublished.key(tool)).sort();

describe('the catalog on a real broker', () => {
  const good = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const files = Object.fromEntries(good.map((slug) => [slug, fileOf(`tool_${slug}`)]));
  const bad = { z: fileOf('tool_z', `timeoutMs: -1, examples: [{ description: 'x', arguments: {} }],`) };
  const keys = good.map((slug) => `tool_${slug}@1.0.0`);

  it('publishes nine of ten tools and refuses the bad one with its reasons', async () => {
    const answer = await runCatalog(await toolFolder({ ...files, ...bad }));
    expect(answer.refused).toEqual([
      {
        source: expect.stringMatching(/z\.mjs#tool$/) as unknown,
        slug: 'tool_z',
        problems: [
          { pointer: '/timeoutMs', message: expect.any(String) as unknown },
          { pointer: '/examples/0/arguments/id', message: 'is required and missing' },
        ],
      },
    ]);
    await withView((view) => {
      expect(keysOf(view)).toEqual(keys);
      expect(view.get('tool_a@1.0.0')).toMatchObject({ slug: 'tool_a', http: { path: '/tool_a/{id}' } });
    });
  });

  it('publishes nothing in a second run, also in another process', async () => {
    const folder = await toolFolder(files);
    await expect(recordsDuring(() => runCatalog(folder))).resolves.toEqual([]);
  });

  it('answers the content of the topic', async () => {
    const answer = await runCatalog(await toolFolder(files));
    expect(answer.published.map(({ slug, version }) => `${slug}@${version}`)).toEqual(keys);
  });

  it('withdraws nothing at a second start with other tools, a failed start, or one of another owner', async () => {
    const folder = await toolFolder({ other: fileOf('other_tool').replace("slug: 'acme'", "slug: 'other'") });
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const failing = recordsDuring(() =>
      expect(startCatalog(configOf(folder, port))).rejects.toThrow('EADDRINUSE'),
    );
    await expect(failing).resolves.toEqual([]);
    taken.close();
    await expect(recordsDuring(() => runCatalog(folder))).resolves.toEqual(['other_tool@1.0.0']);
    const asAnother = { CATALOG_OWNER: 'another', CATALOG_WITHDRAW: 'yes' };
    await expect(recordsDuring(() => runCatalog(folder, asAnother))).resolves.toEqual([]);
    const withYes = await toolFolder(files);
    await expect(recordsDuring(() => runCatalog(withYes, { CATALOG_WITHDRAW: 'yes' }))).resolves.toEqual([
      '-other_tool@1.0.0',
    ]);
  });

  it('withdraws removed tools with a tombstone after a confirmation', async () => {
    const { a: _, ...rest } = files;
    const folder = await toolFolder(rest);
    await expect(recordsDuring(() => runCatalog(folder))).resolves.toEqual([]);
    await withView(async (view) => {
      await expect(recordsDuring(() => runCatalog(folder, { CATALOG_WITHDRAW: 'yes' }))).resolves.toEqual([
        '-tool_a@1.0.0',
      ]);
      await waitFor(() => view.get('tool_a@1.0.0') === undefined, {
        what: 'the tool to be gone from the view',
      });
      expect(keysOf(view)).toEqual(keys.slice(1));
    });
  });

  it('publishes an edit in development, keeps the old tools of a broken edit, and withdraws removed ones', async () => {
    const folder = await toolFolder({ x: fileOf('edited_x').replace("slug: 'acme'", "slug: 'edited'") });
    const file = join(folder, 'y.ts');
    const text = fileOf('edited_y').replace("slug: 'acme'", "slug: 'edited'");
    const reports: PublicationReport[] = [];
    const development = { CATALOG_MODE: 'development', CATALOG_OWNER: 'developer' };
    await using catalog = await startCatalog(configOf(folder, 0, development), {
      onReport: (report) => reports.push(report),
    });
    const until = (what: string, done: (report: PublicationReport) => boolean): Promise<unknown> =>
      waitFor(() => reports.some(done), { what, timeoutMs: 30_000 });
    expect(catalog.name).toBe('catalog');
    await writeFile(file, text);
    await until('the new tool', ({ published }) => published.includes('edited_y@1.0.0'));
    await writeFile(file, 'export const tool = {');
    await until(
      'the refusal',
      ({ refused, held }) => refused.length === 1 && held.includes('edited_y@1.0.0'),
    );
    await withView((view) => expect(view.get('edited_y@1.0.0')).toBeDefined());
    await rm(file);
    await until('the withdrawal', ({ withdrawn }) => withdrawn.includes('edited_y@1.0.0'));
  });

  it('withdraws nothing while a file cannot be read', async () => {
    const folder = await toolFolder({ b: files['b'] ?? '', broken: 'export const tool = ;' });
    await expect(recordsDuring(() => runCatalog(folder))).resolves.toEqual([]);
  });

  it('keeps the published tool if its definition changes under the same version', async () => {
    const folder = await toolFolder({ ...files, b: fileOf('tool_b', 'timeoutMs: 1,') });
    const records = await recordsDuring(async () => {
      const { refused } = await runCatalog(folder);
      expect(refused).toMatchObject([{ slug: 'tool_b', version: '1.0.0' }]);
    });
    expect(records).toEqual(['tool_a@1.0.0']);
  });

  it('publishes the tools of another instance that ended before its publication', async () => {
    const catalog = await startCatalog(configOf(await toolFolder(files)));
    try {
      await writeAsAnother([sampleTool({ slug: 'orphan', version: '1.0.0', toolkit: 'orphans' })]);
      await withView((view) =>
        waitFor(() => view.get('orphan@1.0.0'), { what: 'the tool', timeoutMs: 20_000 }),
      );
    } finally {
      await catalog.close();
    }
  });

  it('leaves nothing open after a failed start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      const config = configOf(await toolFolder(files), port);
      await expect(startCatalog(config)).rejects.toThrow('EADDRINUSE');
    } finally {
      taken.close();
    }
  });
});

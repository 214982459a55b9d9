import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import type { FlowRun } from '@action-mesh/flow-api';

import { FolderBundles, type BundleRecord, type StoredBundle } from './folder-bundles.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-flows-'));
  await mkdir(join(folder, 'acme'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, 'acme', name), text);

const code = (body: string, head = '') => `
  import { flow as define, trigger, ToolCallFailed } from '@action-mesh/sdk/flows';
  ${head}
  export default define({ id: 'tidy', version: 2, on: trigger.manual(), user: 'ada' }, async (run: any) => { ${body} });`;

class MemoryRecord implements BundleRecord {
  deployed: readonly StoredBundle[] = [];
  kept: readonly StoredBundle[] = [];
  deploy = (bundles: readonly StoredBundle[]) => {
    this.deployed = bundles;
    this.kept = [...this.kept, ...bundles];
    return Promise.resolve();
  };
  find = (tenantId: string, flow: string, digest: string) =>
    Promise.resolve(
      this.kept.find((each) => each.tenantId === tenantId && each.flow === flow && each.digest === digest),
    );
}

const run = (flows: FolderBundles) =>
  flows
    .find('acme', 'tidy')
    ?.flow.steps({ call: () => Promise.reject(new Error('x')) } as unknown as FlowRun, {});

it('loads flows with their imports, under a digest of all of it', async () => {
  await write('tidy.test.ts', 'throw new Error();');
  await write('tools.ts', `export const name: string = 'Ada';`);
  await write('tidy.ts', code('return name;', `import { name } from './tools.js';`));
  const record = new MemoryRecord();
  const first = await FolderBundles.open(folder, record);
  expect(await run(first)).toBe('Ada');
  expect(record.deployed).toMatchObject([{ tenantId: 'acme', flow: 'tidy', version: 2 }]);
  await write('tools.ts', `export const name: string = 'Bob';`);
  const second = await FolderBundles.open(folder, record);
  expect(second.current[0]?.digest).not.toBe(first.current[0]?.digest);
  expect((await FolderBundles.open(folder, record)).current[0]?.digest).toBe(second.current[0]?.digest);
});

it('keeps the code of open runs beside a newer version (FB1)', async () => {
  await write('tidy.ts', code(`return 'old';`));
  const record = new MemoryRecord();
  const old = await FolderBundles.open(folder, record);
  await write('tidy.ts', code(`return 'new';`).replace('version: 2', 'version: 3'));
  const flows = await FolderBundles.open(folder, record);
  expect(await run(flows)).toBe('new');
  const pinned = await flows.byDigest('acme', 'tidy', old.current[0]?.digest ?? '');
  expect(await pinned?.flow.steps({} as FlowRun, {})).toBe('old');
  expect(await flows.byDigest('globex', 'tidy', old.current[0]?.digest ?? '')).toBeUndefined();
});

it.each([
  ['the clock', 'return Date.now()'],
  ['the clock', 'return new Date()'],
  ['Math.random', 'return Math.random()'],
  ['fetch', `return fetch('https://example.com')`],
  ['setTimeout', 'return new Promise((resolve) => setTimeout(resolve, 1))'],
  ['crypto', 'return crypto.randomUUID()'],
  ['process', 'return process.env'],
])('refuses %s in a flow: %s', async (what, body) => {
  await write('tidy.ts', code(body));
  const flows = await FolderBundles.open(folder, new MemoryRecord());
  await expect(run(flows)).rejects.toThrow(`a flow must not use ${what}`);
});

it('lets a flow compute with times and numbers', async () => {
  await write('tidy.ts', code(`return [new Date(0).toISOString(), Date.UTC(1970, 0), Math.max(1, 2)];`));
  expect(await run(await FolderBundles.open(folder, new MemoryRecord()))).toEqual([
    '1970-01-01T00:00:00.000Z',
    0,
    2,
  ]);
});

it.each([
  ['does not compile', 'export default {', 'cannot be compiled'],
  ['imports a module of the system', `import 'node:fs';\nexport default 1;`, 'cannot be compiled'],
  ['fails while it is loaded', `throw new Error('no');`, 'cannot be loaded'],
  ['has no flow', 'export default 1;', 'has no default export of flow'],
  ['is a draft with an open step', `import './missing.js';`, 'cannot be compiled'],
  ['polls', code('').replace('trigger.manual()', `trigger.poll({} as never, {} as never)`), 'does not run'],
  ['has a wrong schedule', code('').replace('trigger.manual()', `trigger.schedule('never')`), 'cron'],
])('refuses a file that %s', async (_what, text, message) => {
  await write('tidy.ts', text);
  await expect(FolderBundles.open(folder, new MemoryRecord())).rejects.toThrow(message);
});

it('finds flows in folders of a tenant, and none in installed packages', async () => {
  for (const path of ['leads', 'node_modules/x', '.git'])
    await mkdir(join(folder, 'acme', path), { recursive: true });
  await write('leads/tidy.ts', code('return 1;'));
  await write('node_modules/x/index.js', 'throw new Error();');
  await write('.git/hook.js', 'throw new Error();');
  const { current } = await FolderBundles.open(folder, new MemoryRecord());
  expect(current.map(({ flow }) => flow.id)).toEqual(['tidy']);
});

it('takes a folder relative to the working directory, as the README gives it', async () => {
  await write('tidy.ts', code('return 1;'));
  const { current } = await FolderBundles.open(relative(process.cwd(), folder), new MemoryRecord());
  expect(current.map(({ flow }) => flow.id)).toEqual(['tidy']);
});

it('gives flows the settings beside them, which are part of the digest', async () => {
  await write('tidy.ts', code('return 1;'));
  const before = await FolderBundles.open(folder, new MemoryRecord());
  await write('config.json', '{"flow_user":"ada"}');
  const { current } = await FolderBundles.open(folder, new MemoryRecord());
  expect(current).toMatchObject([{ config: { flow_user: 'ada' } }]);
  expect(current[0]?.digest).not.toBe(before.current[0]?.digest);
  await write('config.json', '[]');
  await expect(FolderBundles.open(folder, new MemoryRecord())).rejects.toThrow('must be a JSON object');
});

it('refuses two files with one flow, and a folder that is none', async () => {
  await write('a.ts', code(''));
  await write('b.ts', code(''));
  await expect(FolderBundles.open(folder, new MemoryRecord())).rejects.toThrow('two files');
  await expect(FolderBundles.open(join(folder, 'nowhere'), new MemoryRecord())).rejects.toThrow(
    'a folder per tenant',
  );
});

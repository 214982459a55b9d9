import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findStack, recordStack } from './recorded-stack.js';
import { identifyProcess } from './run/process-identity.js';

const folder = mkdtempSync(join(tmpdir(), 'recorded-stack-'));
const file = join(folder, 'stack.json');
const owner = identifyProcess(process.pid);
const stack = { owner, startedAt: '2026-01-01', addresses: { databaseUrl: 'postgres://x' }, components: [] };

beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

it('is found while its owner lives, and readable by its user alone', async () => {
  expect(await recordStack(file, stack)).toBe(true);
  expect(await findStack(file)).toMatchObject(stack);
  expect(statSync(file).mode & 0o077).toBe(0);
});

it('is not overwritten by a second one', async () => {
  await recordStack(file, stack);
  expect(await recordStack(file, { ...stack, startedAt: 'later' })).toBe(false);
  expect(await findStack(file)).toMatchObject({ startedAt: '2026-01-01' });
});

it.each([
  ['its owner is gone', { ...owner, pid: 2 ** 22 + 1 }],
  ['its pid belongs to a later process', { ...owner, startedAt: 'before' }],
])('is deleted when %s', async (_, other) => {
  await recordStack(file, { ...stack, owner: other });
  expect(await findStack(file)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

it('is deleted when it cannot be read', async () => {
  writeFileSync(file, '{ half');
  expect(await findStack(file)).toBeUndefined();
  expect(existsSync(file)).toBe(false);
});

it('is left alone when another machine that shares the folder owns it', async () => {
  await recordStack(file, stack);
  const record = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...record, host: 'elsewhere.example' }));
  expect(await findStack(file)).toBeUndefined();
  expect(existsSync(file)).toBe(true);
});

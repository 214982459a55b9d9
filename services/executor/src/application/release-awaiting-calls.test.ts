import type { AuthChange } from './awaiting-calls.port.js';
import { ReleaseAwaitingCalls } from './release-awaiting-calls.js';

const change: AuthChange = { tenantId: 'acme', userId: 'ada', integration: 'github' };

let nowMs = 0;
let released: (readonly AuthChange[])[] = [];
let counts: (number | Error)[] = [];
let release: ReleaseAwaitingCalls;

beforeEach(() => {
  nowMs = 0;
  released = [];
  counts = [];
  const release_ = (changes: readonly AuthChange[]): Promise<number> => {
    released.push(changes);
    const count = counts.shift() ?? 0;
    return count instanceof Error ? Promise.reject(count) : Promise.resolve(count);
  };
  release = new ReleaseAwaitingCalls({ release: release_ }, { monotonicMs: () => nowMs });
});

it('asks the ledger for nothing while nothing has changed', async () => {
  expect(await release.execute()).toBe(0);
  expect(release.untilNextMs()).toBe(Infinity);
  expect(released).toEqual([]);
});

it('compares a change at once, and once more after a second (AA2)', async () => {
  counts = [3];
  release.changed(change);
  expect(release.untilNextMs()).toBe(0);
  expect(await release.execute()).toBe(3);
  expect([await release.execute(), release.untilNextMs()]).toEqual([0, 1_000]);
  nowMs = 1_000;
  await release.execute();
  expect(released).toEqual([[change], [change]]);
  expect(release.untilNextMs()).toBe(Infinity);
});

it('continues while the ledger has more calls than one statement takes', async () => {
  counts = [2_000, 2_000, 5];
  release.changed(change);
  await release.execute();
  expect(release.untilNextMs()).toBe(0);
  await release.execute();
  await release.execute();
  expect([released.length, release.untilNextMs()]).toEqual([3, 1_000]);
});

it('keeps a change after a failure', async () => {
  counts = [new Error('down')];
  release.changed(change);
  await expect(release.execute()).rejects.toThrow('down');
  expect(release.untilNextMs()).toBe(0);
});

it('notes equal changes once, and compares a change of the meantime anew', async () => {
  release.changed(change);
  release.changed({ ...change });
  await release.execute();
  nowMs = 500;
  release.changed(change);
  expect(release.untilNextMs()).toBe(0);
  await release.execute();
  expect(released).toEqual([[change], [change]]);
  expect(release.untilNextMs()).toBe(1_000);
});

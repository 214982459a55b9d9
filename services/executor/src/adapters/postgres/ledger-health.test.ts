import { jest } from '@jest/globals';
import { FakeClock } from '@action-mesh/kernel/testing';

import { LedgerHealth } from './ledger-health.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function stage() {
  const clock = new FakeClock();
  const changes: (string | undefined)[] = [];
  const database = { full: true, tries: 0 };
  const health = new LedgerHealth({
    clock,
    onChange: (refusal) => changes.push(refusal),
    tryRecording: () => {
      database.tries += 1;
      return database.full ? Promise.reject(new Error('could not extend file')) : Promise.resolve();
    },
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500);
      await jest.advanceTimersByTimeAsync(500);
    }
  };
  return { health, changes, database, pass };
}

it('reports once that the ledger refuses, and once that it accepts again, by itself', async () => {
  const { health, changes, database, pass } = stage();
  for (let calls = 0; calls < 100; calls += 1) health.refused(new Error('disk full'));
  expect(health.refusal).toBeUndefined();
  await pass(31_000);
  expect(health.refusal).toBe('could not extend file');
  expect(changes).toEqual(['could not extend file']);
  database.full = false;
  await pass(2_000);
  expect(health.refusal).toBeUndefined();
  expect(changes).toEqual(['could not extend file', undefined]);
  const { tries } = database;
  await pass(5_000);
  expect(database.tries).toBe(tries);
  await health.close();
});

it('does not report a refusal that passes at once', async () => {
  const { health, changes, pass } = stage();
  health.refused(new Error('a connection dropped'));
  health.accepted();
  await pass(5_000);
  expect(changes).toEqual([]);
  await health.close();
});

it('reports the next refusal again', async () => {
  const { health, changes, pass } = stage();
  health.refused(new Error('full'));
  await pass(3_000);
  health.accepted();
  health.refused(new Error('full'));
  await pass(3_000);
  expect(changes).toEqual(['could not extend file', undefined, 'could not extend file']);
  await health.close();
});

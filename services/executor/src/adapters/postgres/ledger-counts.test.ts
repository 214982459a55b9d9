import { jest } from '@jest/globals';
import type { Pool } from 'pg';

import { CountLedger } from './ledger-counts.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const row = {
  outbox_age: 1.5,
  dead: 3,
  review: 2,
  review_age: 90,
  probed_age: 30,
  waiting: [
    { reason: 'probe', calls: 4, age: 12 },
    { reason: 'awaiting_auth', calls: 1, age: 7_200 },
  ],
  overdue: -4,
};

/** A database that answers when the test says so. */
function stage() {
  const queries: { answer: (rows: readonly unknown[]) => void; fail: (error: Error) => void }[] = [];
  const pool = {
    query: () =>
      new Promise((resolve, reject) => {
        queries.push({ answer: (rows) => resolve({ rows }), fail: reject });
      }),
  } as unknown as Pick<Pool, 'query'>;
  return { counts: new CountLedger(pool), queries };
}

it('shares one count between scrapes, and counts anew when it is five seconds old (LG1)', async () => {
  const { counts, queries } = stage();
  const both = Promise.all([counts.read(), counts.read()]);
  queries[0]?.answer([row]);
  await both;
  jest.advanceTimersByTime(4_000);
  await counts.read();
  expect(queries).toHaveLength(1);
  jest.advanceTimersByTime(2_000);
  void counts.read();
  expect(queries).toHaveLength(2);
});

it('never runs two counts at a time, however slow the database is (LG2)', async () => {
  const { counts, queries } = stage();
  const slow = counts.read();
  for (let scrape = 0; scrape < 10; scrape += 1) {
    jest.advanceTimersByTime(15_000);
    void counts.read();
  }
  expect(queries).toHaveLength(1);
  queries[0]?.answer([row]);
  await slow;
  jest.advanceTimersByTime(4_000);
  await counts.read();
  expect(queries).toHaveLength(1);
});

it('counts again after a failure, and not at once', async () => {
  const { counts, queries } = stage();
  const failed = counts.read();
  queries[0]?.fail(new Error('gone'));
  await expect(failed).rejects.toThrow('gone');
  await expect(counts.read()).rejects.toThrow('gone');
  jest.advanceTimersByTime(6_000);
  const next = counts.read();
  queries[1]?.answer([row]);
  await expect(next).resolves.toMatchObject({ deadCalls: 3 });
});

it('reads calls and ages, and zero where nothing waits', async () => {
  const { counts, queries } = stage();
  const full = counts.read();
  queries[0]?.answer([row]);
  await expect(full).resolves.toEqual({
    outboxAgeSeconds: 1.5,
    deadCalls: 3,
    needReview: { calls: 2, oldestSeconds: 90 },
    indeterminate: { calls: 4, oldestSeconds: 30 },
    waiting: [
      { reason: 'probe', calls: 4, oldestSeconds: 12 },
      { reason: 'awaiting_auth', calls: 1, oldestSeconds: 7_200 },
    ],
    overdueSeconds: 0,
  });
  jest.advanceTimersByTime(6_000);
  const empty = counts.read();
  queries[1]?.answer([{ ...row, review: 0, review_age: null, probed_age: null, waiting: null }]);
  await expect(empty).resolves.toMatchObject({
    needReview: { calls: 0, oldestSeconds: 0 },
    indeterminate: { calls: 0, oldestSeconds: 0 },
    waiting: [],
  });
});

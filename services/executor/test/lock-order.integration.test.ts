import { jest } from '@jest/globals';
import { newId } from '@action-mesh/kernel';
import type { PoolClient } from 'pg';

import { compareKeys } from '../src/adapters/postgres/lock-order.js';
import { advanceCalls } from '../src/adapters/postgres/advance-statement.js';
import type { Move, OwnedCall } from '../src/application/ledger.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, dispatching, LedgerBench, capacityFor, type TestLedger } from './ledger-bench.js';
import { endLease, hourMs, throttled } from './parked-call.js';

jest.setTimeout(120_000);

let bench: LedgerBench;

beforeAll(async () => {
  bench = await LedgerBench.open();
}, 60_000);

afterAll(async () => {
  await bench.close();
});

async function deadlocks(): Promise<number> {
  await bench.pool.query('SELECT pg_stat_clear_snapshot(), pg_stat_force_next_flush()');
  const { rows } = await bench.pool.query<{ n: number }>(
    'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]?.n ?? 0;
}

function succeed(owned: OwnedCall): Move {
  const next = transitions(owned.state, { type: 'succeed', attempt: owned.state.attempt });
  if (!next.ok) throw new Error(next.reason);
  return {
    known: owned,
    from: owned.state,
    to: next.call,
    evidence: true,
    outcome: '{"status":"succeeded"}',
  };
}

/** Runs work on its own connection, in one transaction that ends slowly. */
async function slowly(work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await bench.pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function running(by: TestLedger, count: number): Promise<OwnedCall[]> {
  const recorded = await Promise.all(
    Array.from({ length: count }, () => by.ledger.record(dispatching(aCall()))),
  );
  return recorded.map((one) => {
    if (one.verdict !== 'fresh') throw new Error(`the call is ${one.verdict}`);
    return one.owned;
  });
}

it('a take-over of several batches and late answers to their calls never wait for each other in a circle', async () => {
  const before = await deadlocks();
  for (let round = 0; round < 6; round += 1) {
    const silent = await bench.ledger(`silent-${round}`);
    const heir = await bench.ledger(`heir-${round}`);
    const owned: OwnedCall[] = [];
    // Small batches, so their claims hold calls from all over the order.
    for (let batch = 0; batch < 30; batch += 1) owned.push(...(await running(silent, 4)));
    await endLease(bench, silent);
    const half = owned.length / 2;
    const answers = [owned.slice(0, half), owned.slice(half)].map((calls) =>
      slowly((client) => advanceCalls(client, { instanceId: '0', marginMs: 0 }, calls.map(succeed))),
    );
    const takeOvers = (async () => {
      for (let look = 0; look < 3; look += 1) await heir.ledger.takeOver();
    })();
    const ended = await Promise.allSettled([...answers, takeOvers]);
    expect(ended.filter(({ status }) => status === 'rejected')).toEqual([]);
  }
  expect(await deadlocks()).toBe(before);
});

it('the scheduler passes over a call under a person’s decision, and wakes it the next time', async () => {
  const one = await bench.ledger('one');
  const before = await deadlocks();
  const call = aCall();
  await throttled(one, 0, { call });
  await slowly(async (person) => {
    // A person's decision locks the call first and its waiting row after that.
    await person.query('SELECT FROM call WHERE call_id = $1 FOR UPDATE', [call.call_id]);
    expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
    await person.query('UPDATE waiting SET reason = reason WHERE call_id = $1', [call.call_id]);
  });
  const woken = await one.ledger.wakeDue(capacityFor(100));
  expect(woken.map(({ owned }) => owned.call.call_id)).toEqual([call.call_id]);
  expect(await deadlocks()).toBe(before);
});

it('a call on the ladder under a person’s decision is left to the scheduler', async () => {
  const one = await bench.ledger('two');
  const call = aCall();
  await throttled(one, hourMs, { call });
  await bench.pool.query(
    `UPDATE waiting SET lane = 'ladder', due_at = clock_timestamp() WHERE call_id = $1`,
    [call.call_id],
  );
  const named = { tenantId: 'acme', userId: 'ada', hash: call.hash, attempt: 0, hasCapacity: true };
  await slowly(async (person) => {
    await person.query('SELECT FROM call WHERE call_id = $1 FOR UPDATE', [call.call_id]);
    expect(await one.ledger.wakeNamed([named])).toEqual([]);
  });
  const { rows } = await bench.pool.query('SELECT lane FROM waiting WHERE call_id = $1', [call.call_id]);
  expect(rows).toEqual([{ lane: 'scheduler' }]);
});

it('statements sort calls like PostgreSQL by the collation "C"', async () => {
  const texts = ['a', 'Z', 'ä', '\uffee', '\u{1f600}', '\ud7ff', '', 'ab', newId(), '\ue000'];
  const { rows } = await bench.pool.query<{ t: string }>(
    'SELECT t FROM unnest($1::text[]) AS t ORDER BY t COLLATE "C"',
    [texts],
  );
  expect([...texts].sort(compareKeys)).toEqual(rows.map(({ t }) => t));
});

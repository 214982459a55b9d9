import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';

import { advanceCalls } from '../src/adapters/postgres/advance-statement.js';
import type { Move, OwnedCall } from '../src/application/ledger.port.js';
import type { OutboxRecord } from '../src/application/outbox-publisher.port.js';
import { transitions } from '../src/domain/call.js';
import {
  aCall,
  capacityFor,
  dispatching,
  kafkaPatienceMs,
  LedgerBench,
  type TestLedger,
} from './ledger-bench.js';
import { endLease, hourMs, makeDue } from './parked-call.js';

/** Outcomes without an outbox row: the claim of their call vouches for them. */
let bench: LedgerBench;
let one: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
}, 60_000);

beforeEach(async () => {
  one = await bench.ledger('one');
});

afterEach(async () => {
  await one.close();
  await bench.pool.query('DELETE FROM claim');
  await bench.pool.query('DELETE FROM outbox');
});

afterAll(() => bench.close());

type Row = Pick<OutboxRecord, 'callId' | 'seq' | 'trace' | 'value'>;

async function outboxRows(): Promise<Row[]> {
  const { rows } = await bench.pool.query<Row>(
    'SELECT call_id AS "callId", seq, trace, value FROM outbox ORDER BY call_id',
  );
  return rows;
}

async function claimOwners(): Promise<string[]> {
  const { rows } = await bench.pool.query<{ owner: string }>('SELECT owner FROM claim ORDER BY id');
  return rows.map(({ owner }) => owner);
}

const noClaim = (): Promise<boolean> =>
  waitFor(async () => (await claimOwners()).length === 0, {
    timeoutMs: 5_000,
    what: 'the claims to be deleted',
  });

const rowsOf = (records: readonly OutboxRecord[]): Row[] =>
  records
    .map(({ callId, seq, trace, value }) => ({ callId, seq, trace, value }))
    .toSorted((a, b) => (a.callId < b.callId ? -1 : 1));

async function running(by: TestLedger, call = aCall(), validityMs = hourMs): Promise<OwnedCall> {
  const recorded = await by.ledger.record(dispatching(call, validityMs));
  if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
  return recorded.owned;
}

async function follow(owned: OwnedCall, by: TestLedger): Promise<string> {
  const twin = { ...owned.call, call_id: newId() };
  expect(await by.ledger.record(dispatching(twin))).toEqual({ verdict: 'following' });
  return twin.call_id;
}

function success(owned: OwnedCall): Move {
  const next = transitions(owned.state, { type: 'succeed', attempt: owned.state.attempt });
  if (!next.ok) throw new Error(next.reason);
  const outcome = '{"status":"succeeded","result":{"n":12345678901234567890}}';
  return { known: owned, from: owned.state, to: next.call, evidence: true, outcome };
}

/** A run of a call to its end. */
async function end(owned: OwnedCall, by: TestLedger): Promise<void> {
  expect(await by.ledger.advance(success(owned))).toBe(true);
  by.ledger.release(owned);
}

describe('the outcome of a call that its owner ends', () => {
  it('has no outbox row, and the claim stays until Kafka has the outcome (I8)', async () => {
    const answer = one.silence();
    await end(await running(one), one);
    // Longer than the writer needs to delete a claim without a user.
    await running(one, aCall());
    await new Promise((resolve) => setTimeout(resolve, kafkaPatienceMs / 2));
    expect(await outboxRows()).toEqual([]);
    expect(await claimOwners()).toHaveLength(2);
    answer();
    await waitFor(async () => (await claimOwners()).length === 1, { timeoutMs: 5_000, what: 'one claim' });
    expect(one.published).toHaveLength(1);
    expect(await outboxRows()).toEqual([]);
  });

  it('is published by the next owner of the claim, with its followers, when the process dies first (I1, I8)', async () => {
    const dying = await bench.ledger('dying');
    const answer = dying.silence();
    const owned = await running(dying);
    const follower = await follow(owned, one);
    await end(owned, dying);
    await endLease(bench, dying);
    expect(await one.ledger.takeOver()).toEqual([]);
    const rows = await outboxRows();
    expect(rows.map(({ callId }) => callId)).toEqual([owned.call.call_id, follower].toSorted());
    expect(await claimOwners()).toEqual([]);
    // The dead one was only frozen. What it publishes late are the same records.
    answer();
    await waitFor(() => dying.published.length > 0, { timeoutMs: 5_000, what: 'the late records' });
    expect(rowsOf(dying.published)).toEqual(rows);
  });

  it('is published by a take-over that waited for its commit (I1, I8)', async () => {
    const dying = await bench.ledger('dying');
    const owned = await running(dying);
    const instanceId = dying.lease.current?.id ?? '';
    const slow = await bench.pool.connect();
    await slow.query('BEGIN');
    await advanceCalls(slow, { instanceId, marginMs: 0 }, [success(owned)]);
    await endLease(bench, dying);
    const takingOver = one.ledger.takeOver();
    await waitFor(
      async () =>
        (await bench.pool.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rowCount ===
        1,
      { timeoutMs: 5_000, what: 'the take-over to wait' },
    );
    await slow.query('COMMIT');
    slow.release();
    expect(await takingOver).toEqual([]);
    expect((await outboxRows()).map(({ callId }) => callId)).toEqual([owned.call.call_id]);
  });

  it('is published once more by a take-over only while its own claim is there (I8)', async () => {
    const dying = await bench.ledger('dying');
    const heir = await bench.ledger('heir');
    const [ended, open] = await Promise.all([running(dying), running(dying)]);
    await end(ended, dying);
    await endLease(bench, dying);
    const [taken] = await heir.ledger.takeOver();
    expect(taken?.call.call_id).toBe(open.call.call_id);
    expect((await outboxRows()).map(({ callId }) => callId)).toEqual([ended.call.call_id]);
    await bench.pool.query('DELETE FROM outbox');
    await endLease(bench, heir);
    expect(await one.ledger.takeOver()).toHaveLength(1);
    expect(await outboxRows()).toEqual([]);
  });

  it('gets a row when Kafka refuses it, and the claim goes (I8)', async () => {
    one.refuse();
    const owned = await running(one);
    const follower = await follow(owned, one);
    await end(owned, one);
    await noClaim();
    const rows = await outboxRows();
    expect(rows.map(({ callId }) => callId)).toEqual([owned.call.call_id, follower].toSorted());
    expect(rows[0]?.value).toContain('12345678901234567890');
  });

  it('gets a row when Kafka is silent for too long, and loses it when Kafka has the outcome (I8)', async () => {
    const answer = one.silence();
    await end(await running(one), one);
    await waitFor(async () => (await outboxRows()).length === 1, { timeoutMs: 5_000, what: 'the row' });
    await noClaim();
    answer();
    await waitFor(async () => (await outboxRows()).length === 0, { timeoutMs: 5_000, what: 'no row' });
  });

  it('keeps its claim while neither Kafka nor PostgreSQL takes it (I8)', async () => {
    one.refuse();
    await bench.pool.query('ALTER FUNCTION leave_to_relay RENAME TO leave_to_nobody');
    await end(await running(one), one);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await claimOwners()).toHaveLength(1);
    await bench.pool.query('ALTER FUNCTION leave_to_nobody RENAME TO leave_to_relay');
    await noClaim();
    expect(await outboxRows()).toHaveLength(1);
  });

  it('is left to the next owner of the claim by a process that stops without Kafka and without a row (I8)', async () => {
    const stopping = await bench.ledger('stopping');
    stopping.refuse();
    await bench.pool.query('ALTER FUNCTION leave_to_relay RENAME TO leave_to_nobody');
    const owned = await running(stopping);
    await end(owned, stopping);
    await stopping.close();
    await one.ledger.takeOver();
    expect((await outboxRows()).map(({ callId }) => callId)).toEqual([owned.call.call_id]);
  });

  it('is returned again to an owner that repeats the move because the answer got lost (I1, I8)', async () => {
    const owned = await running(one);
    const options = { instanceId: owned.instance.id, marginMs: 0 };
    const lost = await advanceCalls(bench.pool, options, [success(owned)]);
    const again = await advanceCalls(bench.pool, options, [success(owned)]);
    expect(again.moved).toEqual([true]);
    expect(again.due).toHaveLength(1);
    expect(rowsOf(again.due)).toEqual(rowsOf(lost.due));
    expect(again.due[0]?.claim).toMatchObject({ claimId: owned.claimId });
  });

  it('gets a row when the instance that writes it is not the owner (I8)', async () => {
    const owned = await running(one);
    const instance = { id: '0', signal: owned.instance.signal, isLive: () => true };
    const move = success({ ...owned, instance });
    const options = { instanceId: instance.id, marginMs: 0 };
    const { due } = await advanceCalls(bench.pool, options, [move]);
    expect(due.map(({ claim }) => claim)).toEqual([undefined]);
    expect(await outboxRows()).toHaveLength(1);
  });

  it('gets a row when an equal call replaces its call before a take-over (I1, I8)', async () => {
    const dying = await bench.ledger('dying');
    const answer = dying.silence();
    const owned = await running(dying, aCall(), 0);
    const follower = await follow(owned, one);
    await end(owned, dying);
    await running(one, { ...owned.call, call_id: newId() });
    const rows = await outboxRows();
    expect(rows.map(({ callId }) => callId)).toEqual([owned.call.call_id, follower].toSorted());
    answer();
  });
});

it('a call that waits from its record on has no claim', async () => {
  const { intent: _none, ...entry } = dispatching(aCall());
  const start = transitions(undefined, { type: 'receive' }, { type: 'throttle' });
  if (!start.ok) throw new Error(start.reason);
  const park = { delayMs: hourMs, reason: 'rate_limited' } as const;
  await one.ledger.record({ ...entry, start: start.call, park });
  expect(await claimOwners()).toEqual([]);
  await makeDue(bench, [entry.call.call_id], 1);
  expect(await one.ledger.wakeDue(capacityFor(10))).toHaveLength(1);
  expect(await claimOwners()).toHaveLength(1);
});

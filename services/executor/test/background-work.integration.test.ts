import { jest } from '@jest/globals';
import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import { systemClock } from '@action-mesh/kernel';
import { OutageLog, OpenResources } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';

import { OutboxRelay } from '../src/adapters/postgres/outbox-relay.js';
import type { OutageLines } from '../src/adapters/run-lines.js';
import { PostgresAskedCalls } from '../src/adapters/postgres/postgres-asked-calls.js';
import { PostgresAwaitingCalls } from '../src/adapters/postgres/postgres-awaiting-calls.js';
import { PostgresHeldCalls } from '../src/adapters/postgres/postgres-held-calls.js';
import { ReleaseAwaitingCalls } from '../src/application/release-awaiting-calls.js';
import { ReleaseHeldCalls } from '../src/application/release-held-calls.js';
import { RecoverCalls } from '../src/application/recover-calls.js';
import type { ResumeCall } from '../src/application/resume-call.js';
import type { OwnedCall } from '../src/application/ledger.port.js';
import { WakeCalls } from '../src/application/wake-calls.js';
import { startBackgroundWork, type BackgroundWork } from '../src/background-work.module.js';
import { holdScope } from '../src/application/call-hold.js';
import { transitions } from '../src/domain/call.js';
import { aCall, LedgerBench, type TestLedger } from './ledger-bench.js';
import { answered, endLease, hourMs, hourRung, go, makeDue, sent, throttled } from './parked-call.js';

jest.setTimeout(60_000);

let bench: LedgerBench;
let one: TestLedger;
let switches = new KillSwitches();

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
});

afterEach(async () => {
  switches = new KillSwitches();
  await bench.pool.query('DELETE FROM waiting');
  await bench.pool.query('DELETE FROM outbox');
});

afterAll(async () => {
  await bench.close();
});

interface StartedWork extends AsyncDisposable {
  readonly background: BackgroundWork;
  /** The times at which calls came back, by their id. */
  readonly resumedAtMs: Map<string, number>;
  readonly published: string[];
  readonly failures: unknown[];
}

/** The background work of an executor. It notes the calls that come back, and runs none of them. */
function startWork(by: TestLedger): StartedWork {
  const open = new OpenResources();
  const resumedAtMs = new Map<string, number>();
  const published: string[] = [];
  const failures: unknown[] = [];
  const resumeCall = {
    execute: (owned: OwnedCall) => {
      resumedAtMs.set(owned.call.call_id, performance.now());
      by.ledger.release(owned);
      return Promise.resolve();
    },
  } as unknown as ResumeCall;
  const capacity = { capacity: () => ({ byTenant: new Map<string, number>(), others: 100 }) };
  const outage = new OutageLog({
    quietMs: 60_000,
    began: (error) => failures.push(error),
    ended: () => undefined,
  });
  const outages: OutageLines = {
    look: outage,
    recovery: outage,
    scheduler: outage,
    overflow: outage,
    held: outage,
    awaiting: outage,
    asked: outage,
    [Symbol.dispose]: () => outage[Symbol.dispose](),
  };
  const relay = open.use(
    new OutboxRelay({
      pool: bench.pool,
      publisher: {
        publish: (due) => Promise.resolve(void published.push(...due.map(({ callId }) => callId))),
      },
      patienceMs: 60_000,
      onError: (error) => failures.push(error),
    }),
  );
  const background = startBackgroundWork(
    {
      look: () => by.look(60_000),
      relay,
      parkedCalls: by.ledger,
      recoverCalls: new RecoverCalls(by.ledger, resumeCall),
      wakeCalls: new WakeCalls(
        by.ledger,
        capacity,
        { congested: () => new Set() },
        resumeCall,
        () => undefined,
      ),
      releaseHeldCalls: new ReleaseHeldCalls({
        heldCalls: new PostgresHeldCalls(bench.pool),
        switches,
        isInformed: () => true,
        clock: systemClock,
      }),
      releaseAwaitingCalls: new ReleaseAwaitingCalls(new PostgresAwaitingCalls(bench.pool), systemClock),
      releaseAskedCalls: new ReleaseAwaitingCalls(new PostgresAskedCalls(bench.pool), systemClock),
      onRecovered: () => undefined,
      outages,
    },
    open,
  );
  by.onParked = (delayMs) => background.parked(delayMs);
  return {
    background,
    resumedAtMs,
    published,
    failures,
    [Symbol.asyncDispose]: async () => {
      by.onParked = () => undefined;
      outages[Symbol.dispose]();
      await open.close();
    },
  };
}

async function resumed(work: StartedWork, callId: string, timeoutMs = 5_000): Promise<number> {
  await waitFor(() => work.resumedAtMs.has(callId), { timeoutMs, what: 'the call to come back' });
  return work.resumedAtMs.get(callId) ?? Infinity;
}

/** A call that waits for its tenant's turn. */
async function overflowed(by: TestLedger): Promise<string> {
  const call = aCall();
  const start = transitions(undefined, { type: 'receive' });
  if (!start.ok) throw new Error(start.reason);
  await by.ledger.record({
    call,
    trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true },
    start: start.call,
    park: { delayMs: 0, reason: 'tenant_backlog' },
    validityMs: hourMs,
  });
  return call.call_id;
}

/** A call that a kill switch holds. */
async function held(by: TestLedger, switchId: string): Promise<string> {
  const call = aCall();
  const start = transitions(undefined, { type: 'receive' }, { type: 'throttle' });
  if (!start.ok) throw new Error(start.reason);
  await by.ledger.record({
    call,
    trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true },
    start: start.call,
    park: { delayMs: Infinity, reason: 'switched_off', scope: holdScope(switchId) },
    validityMs: hourMs,
  });
  return call.call_id;
}

describe('held calls', () => {
  const on = sampleSwitch({ type: 'user', value: 'ada' });

  it('are found by a look, and continue within two seconds after their switch was lifted (KS2)', async () => {
    switches.put(on);
    const callId = await held(one, on.id);
    expect(await one.look()).toMatchObject({ hasHeld: true, hasOverflow: false, untilDueMs: undefined });
    await using work = startWork(one);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(work.resumedAtMs.has(callId)).toBe(false);
    switches.remove(on.id);
    const liftedAtMs = performance.now();
    work.background.lifted(on.id);
    expect((await resumed(work, callId)) - liftedAtMs).toBeLessThan(2_000);
    expect(await one.look()).toMatchObject({ hasHeld: false });
    expect(work.failures).toEqual([]);
  });

  it('continue within two seconds after a start when their switch was lifted before it (KS2)', async () => {
    const callId = await held(one, on.id);
    const startedAtMs = performance.now();
    await using work = startWork(one);
    expect((await resumed(work, callId)) - startedAtMs).toBeLessThan(2_000);
  });
});

describe('a look', () => {
  it('finds no work in an idle ledger, and counts the live executors', async () => {
    const two = await bench.ledger('two');
    const idle = {
      hasUnpublished: false,
      hasOrphans: false,
      untilDueMs: undefined,
      hasOverflow: false,
      hasHeld: false,
    };
    expect(await one.look()).toEqual({ ...idle, instances: 2 });
    await two.close();
    expect(await one.look()).toEqual({ ...idle, instances: 1 });
  });

  it('finds an instance whose lease is over, and one whose lock is free', async () => {
    const hung = await bench.ledger('hung');
    await bench.pool.query("UPDATE instance SET lease_until = now() - interval '1 s' WHERE id = $1", [
      hung.lease.current?.id,
    ]);
    expect(await one.look()).toMatchObject({ hasOrphans: true });
    await hung.close();
    expect(await one.look()).toMatchObject({ hasOrphans: false });
    await bench.pool.query(
      `INSERT INTO instance (name, lease_until) VALUES ('killed', now() + interval '1 h')`,
    );
    expect(await one.look()).toMatchObject({ hasOrphans: true });
    expect(await one.ledger.takeOver()).toEqual([]);
    expect(await one.look()).toMatchObject({ hasOrphans: false });
  });

  it('finds calls of an instance that was declared dead', async () => {
    const dead = await bench.ledger('dead');
    const { known } = await sent(dead);
    await endLease(bench, dead);
    expect(await one.look()).toMatchObject({ hasOrphans: true });
    for (const owned of await one.ledger.takeOver()) one.ledger.release(owned);
    expect(await one.look()).toMatchObject({ hasOrphans: false });
    expect(known.instance.id).not.toBe(one.lease.current?.id);
  });

  it('tests a lock without taking the instance for alive in another test at the same time', async () => {
    await bench.pool.query(
      `INSERT INTO instance (name, lease_until) VALUES ('killed', now() + interval '1 h')`,
    );
    const looking = await bench.pool.connect();
    try {
      await looking.query('BEGIN');
      await looking.query(
        `SELECT pg_try_advisory_xact_lock_shared(advisory_class(), id::integer) FROM instance WHERE name = 'killed'`,
      );
      await one.ledger.takeOver();
      await looking.query('COMMIT');
    } finally {
      looking.release();
    }
    expect(await one.look()).toMatchObject({ hasOrphans: false });
  });

  it('knows the next due time, and wakes lost calls of the ladder after a grace of five seconds', async () => {
    const session = await sent(one);
    await go(session, ['retry'], {
      status: 'waiting',
      park: { delayMs: hourMs, reason: 'retry', rung: hourRung },
    });
    const afterHour = (await one.look()).untilDueMs ?? 0;
    expect(afterHour).toBeGreaterThan(hourMs);
    expect(afterHour).toBeLessThanOrEqual(hourMs + 5_000);
    await makeDue(bench, [session.known.call.call_id], 5_100);
    expect((await one.look()).untilDueMs).toBeLessThan(0);
    await bench.pool.query('DELETE FROM waiting');
    await throttled(one, 60_000);
    const untilDueMs = (await one.look()).untilDueMs ?? 0;
    expect(untilDueMs).toBeGreaterThan(50_000);
    expect(untilDueMs).toBeLessThanOrEqual(60_000);
  });
});

describe('the background work', () => {
  it('takes over the calls of a killed instance after one look', async () => {
    await using work = startWork(one);
    const dying = await bench.ledger('dying');
    const callId = (await sent(dying)).known.call.call_id;
    await dying.outbox.close();
    const killedAtMs = performance.now();
    await endLease(bench, dying);
    expect((await resumed(work, callId)) - killedAtMs).toBeLessThan(1_000);
  });

  it('wakes a call on time that another executor parked', async () => {
    const two = await bench.ledger('two');
    await using work = startWork(one);
    const parkedAtMs = performance.now();
    const callId = await throttled(two, 900);
    const waitedMs = (await resumed(work, callId)) - parkedAtMs;
    expect(waitedMs).toBeGreaterThanOrEqual(900);
    expect(waitedMs).toBeLessThan(1_500);
  });

  it('wakes each of several calls that were parked here for less than the time between two looks', async () => {
    await using work = startWork(one);
    const parkedAtMs = performance.now();
    const callIds = await Promise.all([throttled(one, 40), throttled(one, 80), throttled(one, 120)]);
    for (const callId of callIds)
      expect((await resumed(work, callId)) - parkedAtMs).toBeGreaterThanOrEqual(40);
  });

  it('wakes calls that wait for a turn, parked here or elsewhere', async () => {
    const two = await bench.ledger('two');
    await using work = startWork(one);
    for (const by of [two, one, two]) await resumed(work, await overflowed(by));
  });

  it('publishes the records of a dead writer (I8)', async () => {
    const dead = await bench.ledger('dead');
    dead.refuse();
    const session = await sent(dead);
    await answered(session);
    dead.ledger.release(session.known);
    await endLease(bench, dead);
    await using work = startWork(one);
    const callId = session.known.call.call_id;
    await waitFor(() => work.published.includes(callId), { timeoutMs: 5_000, what: 'the outcome' });
    expect(work.failures).toEqual([]);
  });

  it('reports looks that fail once, and continues when they succeed again', async () => {
    await using work = startWork(one);
    await bench.pool.query('ALTER TABLE outbox RENAME TO hidden');
    try {
      await waitFor(() => work.failures.length > 0, { timeoutMs: 5_000, what: 'the failure' });
    } finally {
      await bench.pool.query('ALTER TABLE hidden RENAME TO outbox');
    }
    expect(work.failures).toHaveLength(1);
    const two = await bench.ledger('two');
    await resumed(work, await throttled(two, 300));
  });
});

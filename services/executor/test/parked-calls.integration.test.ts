import { jest } from '@jest/globals';
import { newId } from '@action-mesh/kernel';
import { startFaultProxy, waitFor, type FaultProxy } from '@action-mesh/testing';

import type { CallSession } from '../src/application/call-session.js';
import type { OwnedCall } from '../src/application/ledger.port.js';
import { aCall, dispatching, LedgerBench, capacityFor, type TestLedger } from './ledger-bench.js';
import {
  answered,
  endLease,
  go,
  hourMs,
  hourRung,
  makeDue,
  sessionOf,
  sent,
  takenOver,
  throttled,
  waitingRows,
} from './parked-call.js';

jest.setTimeout(60_000);

let bench: LedgerBench;
let one: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
});

afterEach(async () => {
  expect(await bench.deadDisagreements()).toEqual([]);
  expect(await waitingDisagreements()).toEqual([]);
});

afterAll(async () => {
  await bench.close();
});

/** Waiting calls that have an owner or no reason to wait, and calls without an owner that do not wait. */
async function waitingDisagreements(): Promise<unknown[]> {
  const { rows } = await bench.pool.query<{ call_id: string; state: string; lane: string }>(`
    SELECT coalesce(c.call_id, w.call_id) AS call_id, c.state, w.lane
      FROM (SELECT * FROM call
             WHERE owner = 0 AND state IN ('RECEIVED', 'RETRY_WAIT', 'THROTTLED', 'INDETERMINATE')) c
      FULL JOIN waiting w ON w.tenant_id = c.tenant_id AND w.user_id = c.user_id AND w.hash = c.hash
     WHERE c.call_id IS DISTINCT FROM w.call_id`);
  return rows;
}

async function count(what: string, callId: string): Promise<number> {
  const { rows } = await bench.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM ${what} WHERE call_id = $1`,
    [callId],
  );
  return rows[0]?.n ?? 0;
}

async function stateOf(callId: string): Promise<string | undefined> {
  return (await one.ledger.find('acme', callId))?.state;
}

const probing = { status: 'indeterminate', park: { delayMs: hourMs, reason: 'probe' } } as const;
const review = { status: 'needs_review' } as const;

interface Orphan {
  readonly callId: string;
  /** The instance that sent the request, and its run. */
  readonly silent: TestLedger;
  readonly late: CallSession<OwnedCall>;
  readonly session: CallSession<OwnedCall>;
}

/** A call with a request from an instance that lost its lease, and the run of the instance that took it over. */
async function orphaned(): Promise<Orphan> {
  const silent = await bench.ledger('silent');
  const late = await sent(silent);
  const callId = late.known.call.call_id;
  await endLease(bench, silent);
  return { silent, late, callId, session: sessionOf(one, await takenOver(one, callId)) };
}

describe('an intent that is withdrawn', () => {
  it('counts no attempt: its call waits, and its first request is the next (I3, I10)', async () => {
    const session = await sent(one);
    const callId = session.known.call.call_id;
    const park = { delayMs: hourMs, reason: 'rate_limited' } as const;
    expect(await go(session, ['withdraw', 'throttle'], { status: 'waiting', park })).toBe(true);
    expect(await waitingRows(bench, callId)).toEqual([{ lane: 'scheduler', attempt: 0 }]);
    await makeDue(bench, [callId], 0);
    const [woken] = await one.ledger.wakeDue(capacityFor(100));
    if (woken === undefined) throw new Error('the call was not woken');
    // The life of a key counts from a request, and there was none.
    expect(woken.owned.firstDispatchAgeMs).toBeLessThanOrEqual(0);
    const { rows } = await bench.pool.query('SELECT dispatched_at FROM call WHERE call_id = $1', [callId]);
    expect(rows).toEqual([{ dispatched_at: null }]);
    const next = sessionOf(one, woken.owned);
    expect(await go(next, ['claim', 'dispatch'])).toBe(true);
    expect(await answered(next)).toBe(true);
    const told = one.outcomesOf(callId).map(({ status, attempts }) => [status, attempts]);
    expect(told).toEqual([
      ['waiting', 0],
      ['succeeded', 1],
    ]);
  });

  it('by an executor without its lease leaves a call that another takes over, with no attempt used', async () => {
    const silent = await bench.ledger('silent');
    const session = await sent(silent);
    await endLease(bench, silent);
    expect(await go(session, ['withdraw'])).toBe(true);
    const taken = await takenOver(one, session.known.call.call_id);
    expect(taken.state).toMatchObject({ state: 'CLAIMED', attempt: 0 });
    const next = sessionOf(one, taken);
    expect(await go(next, ['claim', 'dispatch'])).toBe(true);
    expect(await answered(next)).toBe(true);
  });
});

describe('a late answer', () => {
  it('to a call that waits for a probe ends it, and its waiting row goes', async () => {
    const { late, session, callId } = await orphaned();
    expect(await go(session, ['loseTrack', 'probe'], probing)).toBe(true);
    expect(await waitingRows(bench, callId)).toHaveLength(1);
    expect(await answered(late)).toBe(true);
    expect(await stateOf(callId)).toBe('SUCCEEDED');
    expect(await waitingRows(bench, callId)).toEqual([]);
  });

  it('to a call that needs a person ends it and takes it off the list of dead calls (I9)', async () => {
    const { late, session, callId } = await orphaned();
    expect(await go(session, ['loseTrack', 'askPerson'], review)).toBe(true);
    expect(await count('dead', callId)).toBe(1);
    expect(await answered(late)).toBe(true);
    expect(await stateOf(callId)).toBe('SUCCEEDED');
    expect(await count('dead', callId)).toBe(0);
  });

  it('to a call that is woken for its probe ends it, and the probing instance finds it ended (I4)', async () => {
    const { late, session, callId } = await orphaned();
    await go(session, ['loseTrack', 'probe'], probing);
    await makeDue(bench, [callId], 0);
    const [woken] = await one.ledger.wakeDue(capacityFor(100));
    if (woken === undefined) throw new Error('the call was not woken');
    expect(await answered(late)).toBe(true);
    const prober = sessionOf(one, woken.owned);
    expect(await go(prober, ['retry'])).toBe(false);
    expect(await go(prober, ['probe'], probing)).toBe(false);
  });

  it('to an overtaken attempt settles nothing, and the call still needs its person (I2, I9)', async () => {
    const { late, session, callId } = await orphaned();
    expect(await go(session, ['loseTrack', 'retry', 'claim', 'dispatch'])).toBe(true);
    expect(await go(session, ['loseTrack', 'askPerson'], review)).toBe(true);
    expect(await answered(late)).toBe(false);
    expect(await count('dead', callId)).toBe(1);
  });

  it('to a call that is only retried settles nothing, and it still waits', async () => {
    const { late, session, callId } = await orphaned();
    expect(
      await go(session, ['retry'], { status: 'waiting', park: { delayMs: hourMs, reason: 'retry' } }),
    ).toBe(true);
    expect(await answered(late)).toBe(false);
    expect(await waitingRows(bench, callId)).toHaveLength(1);
  });

  it('leaves the neighbours of its batch unchanged', async () => {
    const [first, second, third] = [await orphaned(), await orphaned(), await orphaned()];
    await go(first.session, ['loseTrack', 'probe'], probing);
    await Promise.all([
      go(second.session, ['loseTrack', 'probe'], probing),
      answered(first.late),
      go(third.session, ['loseTrack', 'askPerson'], review),
    ]);
    expect(await waitingRows(bench, second.callId)).toHaveLength(1);
    expect(await count('dead', third.callId)).toBe(1);
  });
});

describe('a duplicate of a call that waits', () => {
  it('learns that it waits, and later of its end, with the same bytes (I1, I4)', async () => {
    const session = await sent(one);
    const { call } = session.known;
    await go(session, ['retry'], { status: 'waiting', park: { delayMs: hourMs, reason: 'retry' } });
    const twin = { ...call, call_id: newId() };
    expect(await one.ledger.record(dispatching(twin))).toEqual({ verdict: 'following' });
    expect(one.outcomesOf(twin.call_id)).toMatchObject([
      { status: 'waiting', duplicate_of: call.call_id, replayed: false, seq: 1 },
    ]);
    await makeDue(bench, [call.call_id], 0);
    const [woken] = await one.ledger.wakeDue(capacityFor(100));
    if (woken === undefined) throw new Error('the call was not woken');
    const again = sessionOf(one, woken.owned);
    await go(again, ['claim', 'dispatch']);
    await answered(again);
    expect(one.outcomesOf(twin.call_id)).toMatchObject([
      { status: 'waiting', seq: 1 },
      { status: 'succeeded', duplicate_of: call.call_id, replayed: false, seq: 2 },
    ]);
    const shared = (callId: string): string[] =>
      one.published
        .filter((due) => due.callId === callId && due.kind === 'outcome')
        .map(({ value }) => value.slice(value.indexOf('"seq"')));
    expect(shared(twin.call_id)).toEqual(shared(call.call_id));
  });

  it('that may not leave either waits with it, and not beside it', async () => {
    const call = aCall();
    await throttled(one, hourMs, { call });
    const twin = { ...call, call_id: newId() };
    await throttled(one, 0, { call: twin });
    expect(one.outcomesOf(twin.call_id)).toMatchObject([
      { status: 'waiting', duplicate_of: call.call_id, seq: 1 },
    ]);
    expect(await waitingRows(bench, call.call_id)).toHaveLength(1);
    expect(await waitingRows(bench, twin.call_id)).toEqual([]);
    expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
  });

  it('in the same batch as the call learns that it waits', async () => {
    const call = aCall();
    const twin = { ...call, call_id: newId() };
    await Promise.all([throttled(one, hourMs, { call }), throttled(one, hourMs, { call: twin })]);
    for (const { call_id } of [call, twin]) {
      expect(one.outcomesOf(call_id)).toMatchObject([{ status: 'waiting', replayed: false, seq: 1 }]);
    }
  });

  it('of a call that needs a person learns that, and the late answer that ends it', async () => {
    const { silent, late, session, callId } = await orphaned();
    await go(session, ['loseTrack', 'askPerson'], review);
    const twin = { ...session.known.call, call_id: newId() };
    expect(await one.ledger.record(dispatching(twin))).toEqual({ verdict: 'replayed' });
    expect(one.outcomesOf(twin.call_id)).toMatchObject([{ status: 'needs_review', duplicate_of: callId }]);
    await answered(late);
    expect(silent.outcomesOf(twin.call_id)).toMatchObject([
      { status: 'succeeded', duplicate_of: callId, seq: 2 },
    ]);
  });
});

describe('a call that dies', () => {
  it.each([
    ['when its retries are used up', ['die'], 'dead'],
    ['when nobody knows what happened', ['loseTrack', 'askPerson'], 'needs_review'],
  ] as const)('%s has its dead letter by the same commit (I9)', async (_when, steps, status) => {
    const mute = await bench.ledger('mute');
    mute.refuse();
    const session = await sent(mute);
    const { call } = session.known;
    expect(await go(session, steps, { status })).toBe(true);
    const { rows } = await bench.pool.query<{ kind: string; key: string | null; value: string }>(
      'SELECT kind, key, value FROM outbox WHERE call_id = $1 ORDER BY kind',
      [call.call_id],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['dead', 'outcome']);
    expect(rows[0]?.key).toBe(call.hash);
    expect(JSON.parse(rows[0]?.value ?? '')).toMatchObject({
      seq: 1,
      status,
      hash: call.hash,
      call: { call_id: call.call_id },
      error: { code: 'provider_error' },
    });
    const commits = await bench.pool.query(
      `SELECT xmin FROM call WHERE call_id = $1 UNION SELECT xmin FROM dead WHERE call_id = $1
        UNION SELECT xmin FROM outbox WHERE call_id = $1`,
      [call.call_id],
    );
    expect(commits.rows).toHaveLength(1);
    await mute.close();
  });

  it('leaves no dead letter when another instance owns it by then', async () => {
    const { late, callId } = await orphaned();
    expect(await go(late, ['die'], { status: 'dead' })).toBe(false);
    expect(await count('dead', callId)).toBe(0);
    expect(await count('outbox', callId)).toBe(0);
  });
});

describe('a commit with a lost answer', () => {
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await startFaultProxy({ target: new URL(bench.database.url).host });
  });

  afterAll(async () => {
    await proxy.stop();
  });

  /** An executor that sends its statements through the proxy, and publishes nothing. */
  const far = async (): Promise<TestLedger> => {
    const ledger = await bench.ledger('far', proxy.address);
    ledger.refuse();
    return ledger;
  };

  /** Runs `work` without answers, until it has committed and lost its connection. */
  async function unheard<R>(work: () => Promise<R>, committed: () => Promise<boolean>): Promise<R> {
    const { accepted } = proxy.connections;
    proxy.set({ dropResponse: 'rst' });
    let over = false;
    const working = work().finally(() => (over = true));
    working.catch(() => undefined);
    try {
      // A commit is visible before its answer is on the way. Only the next connection proves that the answer is lost.
      await waitFor(async () => (over || proxy.connections.accepted > accepted) && (await committed()), {
        timeoutMs: 25_000,
        what: 'the commit that nobody hears of',
      });
    } finally {
      proxy.heal();
    }
    return working;
  }

  const retryLater = { status: 'waiting', park: { delayMs: hourMs, reason: 'retry' } } as const;
  const onHourRung = {
    status: 'waiting',
    park: { delayMs: hourMs, reason: 'retry', rung: hourRung },
  } as const;

  it.each([
    ['for the scheduler', retryLater, ['outcome']],
    ['for the ladder', onHourRung, [hourRung, 'outcome']],
  ] as const)('parks a call %s once, and the repetition adds nothing', async (_lane, options, kinds) => {
    const by = await far();
    const session = await sent(by);
    const callId = session.known.call.call_id;
    const moved = await unheard(
      () => go(session, ['retry'], options),
      async () => (await waitingRows(bench, callId)).length === 1,
    );
    expect(moved).toBe(false);
    await expectParkedOnce(callId, 1, kinds);
    await by.close();
  });

  it.each([
    ['and tells of it', { status: 'waiting' }, ['outcome', 'outcome']],
    ['in silence', {}, ['outcome']],
  ] as const)(
    'parks a call again %s that waited before, once, and the repetition is no error',
    async (_, told, kinds) => {
      const by = await far();
      const callId = await throttled(by, 0);
      const [woken] = await by.ledger.wakeDue(capacityFor(100));
      if (woken === undefined) throw new Error('the call was not woken');
      const park = { delayMs: hourMs, reason: 'rate_limited' } as const;
      const moved = await unheard(
        () => go(sessionOf(by, woken.owned), ['throttle'], { ...told, park }),
        async () => (await waitingRows(bench, callId)).length === 1,
      );
      expect(moved).toBe(false);
      await expectParkedOnce(callId, kinds.length, kinds);
      await by.close();
    },
  );

  it('lets a call die once, with one dead letter (I9)', async () => {
    const by = await far();
    const session = await sent(by);
    const callId = session.known.call.call_id;
    const moved = await unheard(
      () => go(session, ['die'], { status: 'dead' }),
      async () => (await count('dead', callId)) === 1,
    );
    expect(moved).toBe(false);
    expect(await kindsOf(callId)).toEqual(['dead', 'outcome']);
    await by.close();
  });

  it('wakes calls for an instance that has ended, and the next one takes them over (I1)', async () => {
    const by = await far();
    const callId = await throttled(by, 0);
    const before = by.lease.current?.id;
    const woken = unheard(
      () => by.ledger.wakeDue(capacityFor(100)),
      async () => (await waitingRows(bench, callId)).length === 0,
    );
    await expect(woken).rejects.toThrow();
    await waitFor(() => by.lease.current !== undefined && by.lease.current.id !== before, {
      timeoutMs: 25_000,
      what: 'the next instance',
    });
    expect((await takenOver(by, callId)).state).toMatchObject({ state: 'THROTTLED', fence: 2 });
    await by.close();
  });

  async function kindsOf(callId: string): Promise<string[]> {
    const { rows } = await bench.pool.query<{ kind: string }>(
      'SELECT kind FROM outbox WHERE call_id = $1 ORDER BY kind',
      [callId],
    );
    return rows.map(({ kind }) => kind);
  }

  async function expectParkedOnce(callId: string, seq: number, kinds: readonly string[]): Promise<void> {
    expect(await waitingRows(bench, callId)).toHaveLength(1);
    const { rows } = await bench.pool.query('SELECT owner, seq FROM call WHERE call_id = $1', [callId]);
    expect(rows).toEqual([{ owner: '0', seq }]);
    expect((await kindsOf(callId)).toSorted()).toEqual(kinds.toSorted());
  }
});

describe('a call recorded before its tool was known', () => {
  it('waits in its row, keeps its age over its wakes, and takes the validity of its tool (I1)', async () => {
    const call = aCall();
    await throttled(one, 0, { call });
    await bench.pool.query(
      `UPDATE call SET received_at = clock_timestamp() - interval '7 s' WHERE call_id = $1`,
      [call.call_id],
    );
    const [woken] = await one.ledger.wakeDue(capacityFor(100));
    expect(woken?.owned.ageMs).toBeGreaterThanOrEqual(7_000);
    expect(woken?.owned.ageMs).toBeLessThan(60_000);
    if (woken === undefined) throw new Error('the call was not woken');
    const session = sessionOf(one, woken.owned);
    await session.move([{ type: 'claim' }, { type: 'dispatch' }], { validityMs: 1_234 });
    expect(await answered(session)).toBe(true);
    const { rows } = await bench.pool.query(
      `SELECT validity_ms::integer AS validity_ms, valid_until = ended_at + interval '1234 ms' AS agrees
         FROM call WHERE call_id = $1`,
      [call.call_id],
    );
    expect(rows).toEqual([{ validity_ms: 1_234, agrees: true }]);
  });
});

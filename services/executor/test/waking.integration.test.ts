import { jest } from '@jest/globals';
import { waitFor } from '@action-mesh/testing';
import type { PoolClient } from 'pg';

import type { OwnedCall } from '../src/application/ledger.port.js';
import type { WokenCall } from '../src/application/parked-calls.port.js';
import { LedgerBench, capacityFor, type TestLedger } from './ledger-bench.js';
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
let two: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  two = await bench.ledger('two');
});

afterEach(async () => {
  await bench.pool.query('DELETE FROM waiting');
});

afterAll(async () => {
  await bench.close();
});

const idsOf = (woken: readonly WokenCall[]): string[] => woken.map(({ owned }) => owned.call.call_id);

/** A call on the rung with a delay of one hour. */
async function onLadder(by: TestLedger): Promise<OwnedCall> {
  const session = await sent(by);
  expect(
    await go(session, ['retry'], {
      status: 'waiting',
      park: { delayMs: hourMs, reason: 'retry', rung: hourRung },
    }),
  ).toBe(true);
  return session.known;
}

function named({ call }: Pick<OwnedCall, 'call'>, attempt: number, by = one): Promise<readonly WokenCall[]> {
  return by.ledger.wakeNamed([
    { tenantId: call.tenant_id, userId: call.user_id, hash: call.hash, attempt, hasCapacity: true },
  ]);
}

/** Runs `work` while another instance locks the waiting row of the call. Returns whether it waited for that row. */
async function beside(callId: string, work: () => Promise<readonly WokenCall[]>): Promise<boolean> {
  const other: PoolClient = await bench.pool.connect();
  try {
    await other.query('BEGIN');
    await other.query('SELECT FROM waiting WHERE call_id = $1 FOR UPDATE', [callId]);
    let over = false;
    const working = work().finally(() => (over = true));
    await waitFor(
      async () => {
        const { rowCount } = await bench.pool.query(
          `SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%wake_%'`,
        );
        return over || (rowCount ?? 0) > 0;
      },
      { timeoutMs: 10_000, what: 'the waking to end or to wait' },
    );
    const waited = !over;
    await other.query('ROLLBACK');
    await working;
    return waited;
  } finally {
    other.release();
  }
}

describe('a call that waits for the scheduler', () => {
  it('is not woken before its time, and then under a higher fence and by one instance (I5, I6)', async () => {
    const callId = await throttled(one, hourMs);
    expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
    expect(await waitingRows(bench, callId)).toHaveLength(1);
    await makeDue(bench, [callId], 40);
    const woken = await one.ledger.wakeDue(capacityFor(100));
    expect(idsOf(woken)).toEqual([callId]);
    expect(woken[0]?.lateMs).toBeGreaterThanOrEqual(40);
    expect(woken[0]?.owned.state).toMatchObject({ state: 'THROTTLED', fence: 1, recovered: false });
    expect(await waitingRows(bench, callId)).toEqual([]);
    expect(await two.ledger.wakeDue(capacityFor(100))).toEqual([]);
  });

  it('is left alone while another instance has it, and holds up no other call', async () => {
    const [held, free] = await Promise.all([throttled(one, 0), throttled(one, 0)]);
    const woken: WokenCall[] = [];
    expect(
      await beside(held, async () => woken.splice(0, 0, ...(await one.ledger.wakeDue(capacityFor(100))))),
    ).toBe(false);
    expect(idsOf(woken)).toEqual([free]);
    expect(idsOf(await one.ledger.wakeDue(capacityFor(100)))).toEqual([held]);
  });

  it('is woken once, with several instances at the same time', async () => {
    const callIds = await Promise.all(Array.from({ length: 60 }, () => throttled(one, 0)));
    const woken: string[] = [];
    await waitFor(
      async () => {
        for (const part of await Promise.all(
          [one, two, one, two].map(({ ledger }) => ledger.wakeDue(capacityFor(20))),
        )) {
          woken.push(...idsOf(part));
        }
        return woken.length >= callIds.length;
      },
      { timeoutMs: 20_000, what: 'every call to be woken' },
    );
    expect(woken.toSorted()).toEqual(callIds.toSorted());
  });

  it('stays unchanged when the waking instance has no lease (I5)', async () => {
    const stale = await bench.ledger('stale');
    const callId = await throttled(one, 0);
    await endLease(bench, stale);
    await expect(stale.ledger.wakeDue(capacityFor(100))).rejects.toMatchObject({ code: 'MSH01' });
    expect(await waitingRows(bench, callId)).toHaveLength(1);
  });
});

describe('a call that waits on the ladder', () => {
  it('is left to its record for a while, and woken by the scheduler when no record comes', async () => {
    const { call } = await onLadder(one);
    await makeDue(bench, [call.call_id], 0);
    expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
    await makeDue(bench, [call.call_id], 5_000);
    expect(idsOf(await one.ledger.wakeDue(capacityFor(100)))).toEqual([call.call_id]);
  });

  it('is woken by the record that names its attempt, once', async () => {
    const known = await onLadder(one);
    await makeDue(bench, [known.call.call_id], 0);
    const both = await Promise.all([named(known, 1, one), named(known, 1, two)]);
    expect(idsOf(both.flat())).toEqual([known.call.call_id]);
    expect(both.flat()[0]?.owned.state).toMatchObject({ state: 'RETRY_WAIT', fence: 2, attempt: 1 });
    expect(await named(known, 1)).toEqual([]);
  });

  it('is not woken by a record of an overtaken attempt', async () => {
    const known = await onLadder(one);
    await makeDue(bench, [known.call.call_id], 0);
    const [woken] = await named(known, 1);
    if (woken === undefined) throw new Error('the call was not woken');
    const session = sessionOf(one, woken.owned);
    expect(await go(session, ['claim', 'dispatch'])).toBe(true);
    const park = { delayMs: 0, reason: 'retry', rung: hourRung } as const;
    expect(await go(session, ['retry'], { status: 'waiting', park })).toBe(true);
    expect(await named(known, 1)).toEqual([]);
    expect(await waitingRows(bench, known.call.call_id)).toEqual([{ lane: 'ladder', attempt: 2 }]);
    expect(idsOf(await named(known, 2))).toEqual([known.call.call_id]);
  });

  it('goes to the scheduler when its record comes before its time (I6)', async () => {
    const known = await onLadder(one);
    const { call_id: callId } = known.call;
    expect(await named(known, 1)).toEqual([]);
    expect(await waitingRows(bench, callId)).toEqual([{ lane: 'scheduler', attempt: 1 }]);
    expect(await one.ledger.wakeDue(capacityFor(100))).toEqual([]);
    await makeDue(bench, [callId], 0);
    expect(idsOf(await one.ledger.wakeDue(capacityFor(100)))).toEqual([callId]);
  });

  it('is left alone by a record while another instance has it', async () => {
    const known = await onLadder(one);
    await makeDue(bench, [known.call.call_id], 0);
    expect(await beside(known.call.call_id, () => named(known, 1))).toBe(false);
    expect(idsOf(await named(known, 1))).toEqual([known.call.call_id]);
  });

  it('is not woken for another user or tenant with the same content', async () => {
    const known = await onLadder(one);
    await makeDue(bench, [known.call.call_id], 0);
    expect(await named({ call: { ...known.call, user_id: 'bob' } }, 1)).toEqual([]);
    expect(await named({ call: { ...known.call, tenant_id: 'globex' } }, 1)).toEqual([]);
  });
});

describe('the death of an instance', () => {
  /** A call in each state in which a call may wait, due at once. */
  const waitingAs: Record<string, (by: TestLedger) => Promise<string>> = {
    RECEIVED: (by) => throttled(by, 0, { state: 'RECEIVED' }),
    THROTTLED: (by) => throttled(by, 0),
    RETRY_WAIT: async (by) => {
      const session = await sent(by);
      await go(session, ['retry'], { status: 'waiting', park: { delayMs: 0, reason: 'retry' } });
      return session.known.call.call_id;
    },
    INDETERMINATE: async (by) => {
      const session = await sent(by);
      const park = { delayMs: 0, reason: 'probe' } as const;
      await go(session, ['loseTrack', 'probe'], { status: 'indeterminate', park });
      return session.known.call.call_id;
    },
  };

  it.each(Object.keys(waitingAs))(
    'after it woke a call in %s leaves it to another, and can do nothing more with it (I1, I5)',
    async (state) => {
      const dying = await bench.ledger('dying');
      const callId = (await waitingAs[state]?.(one)) ?? '';
      const [woken] = await dying.ledger.wakeDue(capacityFor(100));
      if (woken === undefined) throw new Error('the call was not woken');
      await endLease(bench, dying);
      const taken = await takenOver(two, callId);
      const { fence } = woken.owned.state;
      expect(taken.state).toMatchObject({ state, fence: fence + 1, recovered: true });
      const onward = state === 'INDETERMINATE' ? 'retry' : 'claim';
      expect(await go(sessionOf(dying, woken.owned), [onward])).toBe(false);
      const session = sessionOf(two, taken);
      if (state === 'INDETERMINATE') expect(await go(session, ['retry'])).toBe(true);
      expect(await go(session, ['claim', 'dispatch'])).toBe(true);
      expect(await answered(session)).toBe(true);
      await dying.close();
    },
  );

  it('leaves a call alone that waits, or that another has woken since', async () => {
    const dying = await bench.ledger('dying');
    const runs = await Promise.all([sent(dying), sent(dying)]);
    for (const session of runs) {
      await go(session, ['retry'], { status: 'waiting', park: { delayMs: hourMs, reason: 'retry' } });
    }
    const [waits, woken] = runs.map(({ known }) => known.call.call_id) as [string, string];
    await makeDue(bench, [woken], 0);
    const [owned] = await one.ledger.wakeDue(capacityFor(100));
    await endLease(bench, dying);
    expect(await two.ledger.takeOver()).toEqual([]);
    expect(await waitingRows(bench, waits)).toHaveLength(1);
    if (owned === undefined) throw new Error('the call was not woken');
    expect(await go(sessionOf(one, owned.owned), ['claim', 'dispatch'])).toBe(true);
    await dying.close();
  });
});

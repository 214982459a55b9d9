import { newId } from '@action-mesh/kernel';

import { CallSession } from '../src/application/call-session.js';
import type { NewCall, OwnedCall, Recorded } from '../src/application/ledger.port.js';
import { aCall, digest, dispatching, LedgerBench, type TestLedger } from './ledger-bench.js';
import { answered, go } from './parked-call.js';

let bench: LedgerBench;
let one: TestLedger;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
}, 60_000);

afterEach(async () => {
  expect(await bench.deadDisagreements()).toEqual([]);
});

afterAll(async () => {
  await bench.close();
});

/** The same call again, with another id. */
function again(hash: string, more: Partial<NewCall> = {}): NewCall {
  return { ...dispatching(aCall({ hash }), 0), freshOnly: true, ...more };
}

async function started(hash: string, more: Partial<NewCall> = {}): Promise<CallSession<OwnedCall>> {
  const recorded = await one.ledger.record(again(hash, more));
  if (recorded.verdict !== 'fresh') throw new Error(`the call is ${recorded.verdict}`);
  return new CallSession(recorded.owned, one.ledger);
}

/** The time at which the call of this hash came to rest, by the clock of the ledger. */
async function restedAtMs(hash: string): Promise<number> {
  const { rows } = await bench.pool.query<{ at: Date }>(
    `SELECT coalesce(c.ended_at, d.died_at) AS at FROM call c LEFT JOIN dead d USING (tenant_id, user_id, hash)
      WHERE c.hash = decode($1, 'hex')`,
    [hash],
  );
  return rows[0]?.at.getTime() ?? Number.NaN;
}

async function verdictOf(entry: NewCall): Promise<Recorded['verdict']> {
  return (await one.ledger.record(entry)).verdict;
}

describe('a read', () => {
  it('that arrives while an equal one runs follows it, even when that one has ended by now', async () => {
    const hash = digest(newId());
    const session = await started(hash);
    expect(await verdictOf(again(hash))).toBe('following');
    await answered(session);
    const arrivedAtMs = (await restedAtMs(hash)) - 1;
    const late = again(hash, { arrivedAtMs });
    expect(await verdictOf(late)).toBe('following');
    expect(one.outcomesOf(late.call.call_id)).toMatchObject([{ status: 'succeeded', replayed: false }]);
  });

  it('that arrives after the end of an equal one asks the provider', async () => {
    const hash = digest(newId());
    const first = await started(hash);
    await answered(first);
    const arrivedAtMs = (await restedAtMs(hash)) + 1;
    // After this pause, the ledger's clock is past that moment.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await started(hash, { arrivedAtMs });
    await answered(second);
    expect((await one.ledger.find('acme', first.known.call.call_id))?.state).toBe('SUCCEEDED');
    expect((await one.ledger.find('acme', second.known.call.call_id))?.duplicate_of).toBeUndefined();
  });

  it('is answered by an equal one within the freshness of its tool', async () => {
    const hash = digest(newId());
    await answered(await started(hash, { validityMs: 60_000 }));
    const next = again(hash);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await verdictOf(next)).toBe('replayed');
    expect(one.outcomesOf(next.call.call_id)).toMatchObject([{ status: 'succeeded', replayed: true }]);
  });

  it('is still one call when its record comes again (I4)', async () => {
    const hash = digest(newId());
    const entry = again(hash);
    expect(await verdictOf(entry)).toBe('fresh');
    expect(await verdictOf(entry)).toBe('redelivered');
    await bench.pool.query(
      `UPDATE call SET valid_until = clock_timestamp() - interval '1 h' WHERE call_id = $1`,
      [entry.call.call_id],
    );
    expect(await verdictOf(entry)).toBe('redelivered');
  });

  it('after an equal dead one asks the provider, and the dead one needs no person any more (I9)', async () => {
    const hash = digest(newId());
    const session = await started(hash);
    await go(session, ['die'], { status: 'dead' });
    const arrivedAtMs = (await restedAtMs(hash)) + 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await verdictOf(again(hash, { arrivedAtMs, freshOnly: false }))).toBe('replayed');
    await answered(await started(hash, { arrivedAtMs }));
    const { rows } = await bench.pool.query(`SELECT FROM dead WHERE hash = decode($1, 'hex')`, [hash]);
    expect(rows).toEqual([]);
    expect((await one.ledger.find('acme', session.known.call.call_id))?.state).toBe('DEAD');
  });
});

describe('a duplicate', () => {
  it.each([
    ['before', -1, false],
    ['after', 1, true],
  ])(
    'that arrived %s the end of its call is marked so, at any time of recording (I4)',
    async (_, byMs, replayed) => {
      const hash = digest(newId());
      await answered(await started(hash, { validityMs: 60_000, freshOnly: false }));
      const arrivedAtMs = (await restedAtMs(hash)) + byMs;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const copies = [1, 2, 3].map(() => again(hash, { arrivedAtMs, validityMs: 60_000, freshOnly: false }));
      await Promise.all(copies.map((copy) => one.ledger.record(copy)));
      for (const { call } of copies) {
        expect(one.outcomesOf(call.call_id)).toMatchObject([{ status: 'succeeded', replayed }]);
      }
    },
  );

  it('does not become older through a broker with a clock ahead', async () => {
    const hash = digest(newId());
    const session = await started(hash, { validityMs: 60_000 });
    expect(await verdictOf(again(hash, { arrivedAtMs: Date.now() + 3_600_000 }))).toBe('following');
    await answered(session);
  });
});

describe('the times of one call', () => {
  it('agree in its outcomes, its duplicates’ and its view, to the millisecond', async () => {
    const hash = digest(newId());
    const session = await started(hash, { validityMs: 60_000 });
    const callId = session.known.call.call_id;
    const follower = again(hash);
    await one.ledger.record(follower);
    await answered(session);
    const view = await one.ledger.find('acme', callId);
    const outcome = JSON.parse(view?.outcome?.text ?? '{}') as Record<string, unknown>;
    expect(outcome).toMatchObject({
      received_at: view?.received_at,
      at: view?.ended_at,
      ended_at: view?.ended_at,
    });
    expect(view?.ended_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(view?.ended_at ?? '') - Date.parse(view?.received_at ?? '')).toBe(
      outcome['duration_ms'],
    );
    for (const id of [callId, follower.call.call_id]) {
      expect(one.outcomesOf(id)).toMatchObject([
        { received_at: view?.received_at, ended_at: view?.ended_at },
      ]);
    }
  });

  it('give the time of death, in its outcome and in the list, and no end', async () => {
    const hash = digest(newId());
    const session = await started(hash);
    await go(session, ['die'], { status: 'dead' });
    const callId = session.known.call.call_id;
    const at = new Date(await restedAtMs(hash)).toISOString();
    const [outcome] = one.outcomesOf(callId);
    expect(outcome).toMatchObject({ status: 'dead', at });
    expect(outcome).not.toHaveProperty('ended_at');
    expect((await one.ledger.find('acme', callId))?.ended_at).toBeUndefined();
  });

  it('are those of the ledger for a refused submission too', async () => {
    const call = aCall();
    await one.ledger.record({
      ...dispatching(call, 0),
      start: 'refused',
      outcome:
        '{"tenant_id":"acme","user_id":"ada","tool":{"slug":"echo"},"status":"failed","attempts":0,"recovered":false}',
    });
    const [outcome] = one.outcomesOf(call.call_id);
    expect(outcome?.received_at).toBe(outcome?.ended_at);
    expect(outcome?.duration_ms).toBe(0);
  });
});

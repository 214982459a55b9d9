import { childSpan, newId, systemClock } from '@action-mesh/kernel';

import { PostgresCallAdministration } from '../src/adapters/postgres/administration/postgres-call-administration.js';
import { PostgresHeldCalls } from '../src/adapters/postgres/postgres-held-calls.js';
import { CancelCall } from '../src/application/administration/cancel-call.js';
import { RescheduleCall } from '../src/application/administration/reschedule-call.js';
import { holdScope } from '../src/application/call-hold.js';
import type { Park } from '../src/application/ledger.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, capacityFor, LedgerBench, type TestLedger } from './ledger-bench.js';
import { go, hourMs, makeDue, sent } from './parked-call.js';

let bench: LedgerBench;
let one: TestLedger;
let held: PostgresHeldCalls;
let administration: PostgresCallAdministration;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  held = new PostgresHeldCalls(bench.pool);
  administration = new PostgresCallAdministration({
    pool: bench.pool,
    lease: one.lease,
    outbox: one.outbox,
    marginMs: 2_000,
    onParked: () => undefined,
  });
}, 60_000);

afterEach(async () => {
  await bench.pool.query('DELETE FROM waiting');
});

afterAll(async () => {
  await bench.close();
});

function heldBy(switchId: string, delayMs = Infinity): Park {
  return { delayMs, reason: 'switched_off', scope: holdScope(switchId) };
}

async function hold(
  switchId: string,
  overrides: Parameters<typeof aCall>[0] = {},
  delayMs?: number,
): Promise<string> {
  const call = aCall(overrides);
  const start = transitions(undefined, { type: 'receive' }, { type: 'throttle' });
  if (!start.ok) throw new Error(start.reason);
  await one.ledger.record({
    call,
    trace: childSpan(),
    start: start.call,
    park: heldBy(switchId, delayMs),
    outcome: '{"status":"waiting"}',
    validityMs: hourMs,
  });
  return call.call_id;
}

async function wokenCalls(): Promise<string[]> {
  const woken = [
    ...(await one.ledger.wakeDue(capacityFor(10_000))),
    ...(await one.ledger.wakeOverflow(capacityFor(10_000))),
  ];
  for (const { owned } of woken) one.ledger.release(owned);
  return woken.map(({ owned }) => owned.call.call_id);
}

describe('a call that a kill switch holds', () => {
  it('is woken by nothing but the end of its hold, however long it lasts (KS1)', async () => {
    const switchId = newId();
    const callId = await hold(switchId);
    await makeDue(bench, [callId], hourMs);
    expect(await one.ledger.untilNextMs()).toBeUndefined();
    expect(await wokenCalls()).toEqual([]);
    expect(await held.holdingSwitches()).toEqual([switchId]);
    expect(await held.release([newId()], 10)).toBe(0);
    expect(await wokenCalls()).toEqual([]);
    expect(await held.release([switchId], 10)).toBe(1);
    expect(await held.holdingSwitches()).toEqual([]);
    expect(await wokenCalls()).toEqual([callId]);
  });

  it('shows its switch to people, and no time', async () => {
    const switchId = newId();
    const callId = await hold(switchId);
    const shown = { reason: 'switched_off', scope: `switch:${switchId}` };
    expect((await one.ledger.find('acme', callId))?.waiting).toEqual(shown);
    const { calls } = await administration.waiting('acme', { reason: 'switched_off', limit: 10 });
    expect(calls).toMatchObject([{ call_id: callId, ...shown }]);
    expect(calls[0]).not.toHaveProperty('until');
    await held.release([switchId], 10);
    expect((await one.ledger.find('acme', callId))?.waiting).toMatchObject({
      reason: 'tenant_backlog',
      scope: 'tenant:acme',
    });
  });

  it('keeps its attempt, and may be one whose effect is unknown (I2)', async () => {
    const switchId = newId();
    const session = await sent(one);
    expect(
      await go(session, ['loseTrack', 'probe'], { status: 'indeterminate', park: heldBy(switchId) }),
    ).toBe(true);
    const { call } = session.known;
    expect(await one.ledger.find('acme', call.call_id)).toMatchObject({
      state: 'INDETERMINATE',
      attempts: 1,
    });
    expect(await wokenCalls()).toEqual([]);
    await held.release([switchId], 10);
    const [woken] = await one.ledger.wakeOverflow(capacityFor(10));
    expect(woken?.owned).toMatchObject({ call: { call_id: call.call_id }, state: { attempt: 1 } });
  });

  it('with a deadline is woken at its deadline, and earlier when its switch is lifted (I6)', async () => {
    const switchId = newId();
    const [late, early] = [await hold(switchId, {}, hourMs), await hold(newId(), {}, hourMs)];
    expect(await wokenCalls()).toEqual([]);
    await makeDue(bench, [early], 1);
    expect(await wokenCalls()).toEqual([early]);
    await held.release([switchId], 10);
    expect(await wokenCalls()).toEqual([late]);
  });

  it('can be cancelled, and cannot be rescheduled', async () => {
    const callId = await hold(newId());
    const rescheduled = await new RescheduleCall(administration, systemClock).execute(
      'acme',
      callId,
      Date.now(),
      'olga',
    );
    expect(rescheduled).toMatchObject({ kind: 'refused', refusal: { code: 'call_not_waiting' } });
    expect(await new CancelCall(administration).execute('acme', callId, 'olga')).toEqual({ kind: 'done' });
    expect(await one.ledger.find('acme', callId)).toMatchObject({ state: 'CANCELLED', attempts: 0 });
    expect(await held.holdingSwitches()).toEqual([]);
  });

  it('is held for a later executor when this one ends', async () => {
    const two = await bench.ledger('two');
    const switchId = newId();
    const call = aCall();
    const session = await sent(two, call);
    await go(session, ['retry', 'throttle'], { status: 'waiting', park: heldBy(switchId) });
    await two.close();
    expect((await one.ledger.takeOver()).map(({ call: { call_id } }) => call_id)).not.toContain(call.call_id);
    expect(await held.holdingSwitches()).toEqual([switchId]);
  });
});

describe('the release of held calls', () => {
  it('takes bounded batches, the longest held first, and only calls of the given switches', async () => {
    const [lifted, on] = [newId(), newId()];
    const callIds: string[] = [];
    for (let n = 0; n < 25; n += 1) callIds.push(await hold(lifted, { tenant_id: `t${n % 3}` }));
    await hold(on);
    expect((await held.holdingSwitches()).toSorted()).toEqual([lifted, on].toSorted());
    expect(await held.release([lifted], 10)).toBe(10);
    expect((await wokenCalls()).toSorted()).toEqual(callIds.slice(0, 10).toSorted());
    expect([await held.release([lifted], 10), await held.release([lifted], 10)]).toEqual([10, 5]);
    expect(await held.release([lifted], 10)).toBe(0);
    expect((await wokenCalls()).toSorted()).toEqual(callIds.slice(10).toSorted());
    expect(await held.holdingSwitches()).toEqual([on]);
  });

  it('by two executors at once releases each call once', async () => {
    const switchId = newId();
    for (let n = 0; n < 60; n += 1) await hold(switchId);
    const counts = await Promise.all([1, 2, 3].map(() => held.release([switchId], 1_000)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(await wokenCalls()).toHaveLength(60);
  });

  it('leaves a call that is being cancelled at this moment', async () => {
    const switchId = newId();
    const callId = await hold(switchId);
    const client = await bench.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM waiting WHERE call_id = $1 FOR UPDATE', [callId]);
      expect(await held.release([switchId], 10)).toBe(0);
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
    expect(await held.release([switchId], 10)).toBe(1);
  });
});

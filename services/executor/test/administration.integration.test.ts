import { JsonText, newId, systemClock } from '@action-mesh/kernel';

import { PostgresCallAdministration } from '../src/adapters/postgres/administration/postgres-call-administration.js';
import { CallSession } from '../src/application/call-session.js';
import { CancelCall } from '../src/application/administration/cancel-call.js';
import { RedriveCalls } from '../src/application/administration/redrive-calls.js';
import { RescheduleCall } from '../src/application/administration/reschedule-call.js';
import { ResolveCall } from '../src/application/administration/resolve-call.js';
import type { OwnedCall, Park } from '../src/application/ledger.port.js';
import type { Command } from '../src/domain/call.js';
import type { Failure } from '../src/domain/attempt-evidence.js';
import { aCall, dispatching, LedgerBench, type TestLedger, capacityFor } from './ledger-bench.js';

let bench: LedgerBench;
let one: TestLedger;
let administration: PostgresCallAdministration;
const tenant = 'acme';
const failure: Failure = {
  code: 'provider_error',
  category: 'provider',
  message: 'the provider answered 503',
};

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  administration = new PostgresCallAdministration({
    pool: bench.pool,
    lease: one.lease,
    outbox: one.outbox,
    marginMs: 2_000,
    onParked: () => undefined,
  });
}, 60_000);

afterEach(async () => {
  expect(await bench.deadDisagreements()).toEqual([]);
});

afterAll(async () => {
  await bench.close();
});

/** A call with a request under way, and functions to continue it. */
async function running(overrides: Parameters<typeof aCall>[0] = {}): Promise<CallSession<OwnedCall>> {
  const recorded = await one.ledger.record(dispatching(aCall(overrides)));
  if (recorded.verdict !== 'fresh') throw new Error(recorded.verdict);
  return new CallSession(recorded.owned, one.ledger);
}

async function ended(
  command: Command['type'],
  status: 'dead' | 'needs_review',
  overrides = {},
): Promise<string> {
  const session = await running(overrides);
  const commands = (command === 'die' ? ['die'] : ['loseTrack', command]).map(
    (type) => ({ type }) as Command,
  );
  expect(await session.move(commands, { ending: { status, failure } })).toBe(true);
  one.ledger.release(session.known);
  return session.known.call.call_id;
}

const dead = (overrides = {}): Promise<string> => ended('die', 'dead', overrides);
const unknown = (): Promise<string> => ended('askPerson', 'needs_review');

async function parked(park: Park): Promise<string> {
  const session = await running();
  await session.move([{ type: 'retry' }], { park, ending: { status: 'waiting', failure } });
  one.ledger.release(session.known);
  return session.known.call.call_id;
}

const lastOutcome = (callId: string): unknown => one.outcomesOf(callId).at(-1);
const stateOf = async (callId: string): Promise<string | undefined> =>
  (await administration.find(tenant, callId))?.state.state;
const wakeOne = async (callId: string): Promise<OwnedCall | undefined> =>
  (await one.ledger.wakeDue(capacityFor(100)))
    .map(({ owned }) => owned)
    .find(({ call }) => call.call_id === callId);

describe('cancelling', () => {
  const cancel = (callId: string) => new CancelCall(administration).execute(tenant, callId, 'ops');

  it('ends a call that waits, and the call is not woken later', async () => {
    const callId = await parked({ delayMs: 0, reason: 'retry' });
    expect(await cancel(callId)).toEqual({ kind: 'done' });
    expect(lastOutcome(callId)).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancelled' },
      resolved_by: 'ops',
    });
    expect(await wakeOne(callId)).toBeUndefined();
  });

  it('takes a call from its owner, and no further request leaves (I5)', async () => {
    const session = await running();
    await session.move([{ type: 'retry' }]);
    expect(await cancel(session.known.call.call_id)).toEqual({ kind: 'done' });
    expect(await session.move([{ type: 'claim' }, { type: 'dispatch' }])).toBe(false);
  });

  it.each([
    ['is under way', 'call_already_sent', async () => (await running()).known.call.call_id],
    ['is dead', 'call_already_ended', () => dead()],
  ])('is refused for a call that %s', async (_, code, make) => {
    expect(await cancel(await make())).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  it('does not find calls of another tenant', async () => {
    const callId = await parked({ delayMs: 60_000, reason: 'retry' });
    expect(await new CancelCall(administration).execute('other', callId, 'ops')).toEqual({ kind: 'unknown' });
    expect(await cancel(newId())).toEqual({ kind: 'unknown' });
  });
});

describe('a verdict', () => {
  const resolve = (callId: string, verdict: 'happened' | 'did_not_happen' | 'give_up', result?: string) =>
    new ResolveCall(administration, systemClock).execute(
      tenant,
      callId,
      { verdict, ...(result === undefined ? {} : { result: new JsonText(result) }) },
      'ops',
    );

  it('that it happened makes it succeeded, with the result that a person gives', async () => {
    const callId = await unknown();
    expect(await resolve(callId, 'happened', '"seen"')).toEqual({ kind: 'done' });
    expect(lastOutcome(callId)).toMatchObject({ status: 'succeeded', result: 'seen', resolved_by: 'ops' });
  });

  it('that it did not happen runs it again, counts attempts from one, and records the person', async () => {
    const callId = await unknown();
    expect(await resolve(callId, 'did_not_happen')).toEqual({ kind: 'done' });
    const woken = await wakeOne(callId);
    expect(woken?.state).toMatchObject({ state: 'RECEIVED', attempt: 1, attemptsBefore: 1, redrives: 1 });
    expect(woken?.tried.at(-1)).toMatchObject({ kind: 'person', evidence: 'absent' });
  });

  it('to give up fails it for good', async () => {
    const callId = await dead();
    expect(await resolve(callId, 'give_up')).toEqual({ kind: 'done' });
    expect(lastOutcome(callId)).toMatchObject({
      status: 'failed',
      error: { code: 'given_up', message: 'ops gave the call up' },
      resolved_by: 'ops',
    });
    expect(await resolve(callId, 'give_up')).toMatchObject({ refusal: { code: 'verdict_not_needed' } });
  });

  it('given twice at once counts once, and the call ends once (I4)', async () => {
    const callId = await unknown();
    const both = await Promise.all([resolve(callId, 'happened', '"a"'), resolve(callId, 'give_up')]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused']);
    const ends = one.outcomesOf(callId).filter(({ status }) => status === 'succeeded' || status === 'failed');
    expect(ends).toHaveLength(1);
  });
});

describe('rescheduling', () => {
  it('changes the time of a waiting call, and publishes that', async () => {
    const callId = await parked({ delayMs: 3_600_000, reason: 'rate_limited', scope: 'provider:p' });
    const reschedule = new RescheduleCall(administration, systemClock);
    expect(await reschedule.execute(tenant, callId, Date.now(), 'ops')).toEqual({ kind: 'done' });
    expect(lastOutcome(callId)).toMatchObject({ waiting: { reason: 'rate_limited', scope: 'provider:p' } });
    expect(await wakeOne(callId)).toBeDefined();
    expect(await reschedule.execute(tenant, callId, Date.now(), 'ops')).toMatchObject({
      refusal: { code: 'call_not_waiting' },
    });
  });
});

describe('redriving', () => {
  const redrive = (request: Partial<Parameters<RedriveCalls['execute']>[1]>, redriveId = newId()) =>
    new RedriveCalls(administration, systemClock).execute(
      tenant,
      { redrive_id: redriveId, dry_run: false, per_second: 1_000, ...request },
      'ops',
    );

  it('by id runs calls again, each once, in any number of concurrent requests (I9)', async () => {
    const callIds = await Promise.all([dead(), dead(), dead()]);
    const redriveId = newId();
    const reports = await Promise.all([1, 2, 3].map(() => redrive({ call_ids: callIds }, redriveId)));
    expect(reports.reduce((sum, { redriven }) => sum + redriven.count, 0)).toBe(3);
    const woken = (await one.ledger.wakeDue(capacityFor(100))).map(({ owned }) => owned.call.call_id);
    expect(woken.filter((id) => callIds.includes(id)).toSorted()).toEqual(callIds.toSorted());
    expect(await redrive({ call_ids: callIds }, redriveId)).toMatchObject({
      redriven: { count: 0 },
      already_redriven: { count: 3 },
      not_dead: { count: 0, call_ids: [] },
    });
  });

  it('does not take a call that died again when the request is repeated', async () => {
    const callId = await dead();
    const redriveId = newId();
    await redrive({ call_ids: [callId] }, redriveId);
    const woken = await wakeOne(callId);
    if (woken === undefined) throw new Error('the call was not woken');
    await new CallSession(woken, one.ledger).move([{ type: 'die' }], {
      ending: { status: 'dead', failure },
    });
    expect(await redrive({ call_ids: [callId] }, redriveId)).toMatchObject({
      redriven: { count: 0 },
      already_redriven: { count: 1 },
    });
    expect(await redrive({ call_ids: [callId] })).toMatchObject({ redriven: { count: 1 } });
  });

  it('by filter first shows the calls that it would take, and leaves those that need a verdict', async () => {
    const user = `user-${newId()}`;
    await Promise.all([
      dead({ user_id: user }),
      dead({ user_id: user }),
      ended('askPerson', 'needs_review', { user_id: user }),
    ]);
    const filter = { user_id: user };
    expect(await redrive({ filter, dry_run: true })).toMatchObject({
      matched: 3,
      redriven: { count: 2 },
      needs_verdict: { count: 1 },
    });
    expect((await administration.dead(tenant, { ...filter, limit: 50 })).calls).toHaveLength(3);
    expect(await redrive({ filter })).toMatchObject({ redriven: { count: 2 } });
    expect((await administration.dead(tenant, { ...filter, limit: 50 })).calls).toMatchObject([
      { status: 'needs_review' },
    ]);
  });

  it('names the taken calls and the person, also without an id of the redrive', async () => {
    const callId = await dead();
    const unsure = await ended('askPerson', 'needs_review');
    const wish = { call_ids: [callId, unsure], dry_run: false, per_second: 1_000 };
    const report = await new RedriveCalls(administration, systemClock).execute(tenant, wish, 'ops');
    expect(report).toMatchObject({
      redriven: { count: 1, call_ids: [callId] },
      needs_verdict: { count: 1, call_ids: [unsure] },
    });
    expect(report.redrive_id).not.toBe('');
    expect(lastOutcome(callId)).toMatchObject({ status: 'waiting', resolved_by: 'ops' });
  });

  it('counts all calls and names the first hundred', async () => {
    const strangers = Array.from({ length: 150 }, () => newId());
    const { not_dead: notDead } = await redrive({ call_ids: strangers });
    expect(notDead).toEqual({ count: 150, call_ids: strangers.slice(0, 100) });
  });

  it('spreads the calls over time', async () => {
    const user = `user-${newId()}`;
    for (let n = 0; n < 4; n += 1) await dead({ user_id: user });
    await redrive({ filter: { user_id: user }, per_second: 2 });
    const { calls } = await administration.waiting(tenant, { user_id: user, limit: 50 });
    const times = calls.map(({ until = '' }) => Date.parse(until));
    expect(times.map((at) => Math.round((at - (times[0] ?? 0)) / 500))).toEqual([0, 1, 2, 3]);
  });

  it('names the calls that are not in the queue', async () => {
    const stranger = newId();
    const alive = (await running()).known.call.call_id;
    const report = await redrive({ call_ids: [stranger, alive] });
    expect(report).toMatchObject({ matched: 0, redriven: { count: 0 } });
    expect(report.not_dead.call_ids.toSorted()).toEqual([stranger, alive].toSorted());
  });
});

describe('the lists', () => {
  it('continue after a page, whatever came meanwhile, and refuse forged cursors', async () => {
    const user = `user-${newId()}`;
    const callIds: string[] = [];
    for (let n = 0; n < 5; n += 1) callIds.unshift(await dead({ user_id: user }));
    const first = await administration.dead(tenant, { user_id: user, limit: 2 });
    await dead({ user_id: user });
    const rest = await administration.dead(tenant, {
      user_id: user,
      limit: 10,
      ...(first.cursor && { cursor: first.cursor }),
    });
    expect([...first.calls, ...rest.calls].map(({ call_id }) => call_id)).toEqual(callIds);
    expect(rest.cursor).toBeUndefined();
    const forged = Buffer.from(`["1; DROP TABLE dead","x"]`).toString('base64url');
    expect(
      (await administration.dead(tenant, { user_id: user, limit: 1, cursor: forged })).calls,
    ).toHaveLength(1);
    expect((await administration.dead('other', { limit: 50 })).calls).toEqual([]);
  });

  it('have all facts of one dead call: its attempts, its request, its origin', async () => {
    const callId = await dead({ arguments: { text: 'x' } });
    expect(await administration.deadCall(tenant, callId)).toMatchObject({
      call_id: callId,
      status: 'dead',
      error: failure,
      arguments: { text: 'x' },
    });
    expect(await administration.deadCall('other', callId)).toBeUndefined();
  });
});

describe('a call that undoes another', () => {
  it('is named in the outcome of the other, to every submission, after it has ended', async () => {
    const original = await running();
    const originalId = original.known.call.call_id;
    const twin = { ...original.known.call, call_id: newId() };
    expect(await one.ledger.record(dispatching(twin))).toMatchObject({ verdict: 'following' });
    const result = '{"note":",\\"compensating_actions\\":[]}"}';
    await original.move([{ type: 'succeed', attempt: 1 }], { ending: { status: 'succeeded', result } });
    const undoing = await running({ compensates: originalId });
    const undoingId = undoing.known.call.call_id;
    await undoing.move([{ type: 'succeed', attempt: 1 }], { ending: { status: 'succeeded' } });
    const actions = [{ call_id: undoingId, tool: 'echo', status: 'succeeded' }];
    for (const id of [originalId, twin.call_id]) {
      expect(lastOutcome(id)).toMatchObject({
        status: 'succeeded',
        seq: 2,
        result: JSON.parse(result) as unknown,
        compensating_actions: actions,
      });
    }
    expect(lastOutcome(undoingId)).toMatchObject({ compensates: originalId });
    expect(await one.ledger.find(tenant, originalId)).toMatchObject({ compensating_actions: actions });
    expect(await stateOf(originalId)).toBe('SUCCEEDED');
  });

  it('is named once after a redrive and its end, with its newest status', async () => {
    const original = await running({ saga_id: 'lead-7' });
    const originalId = original.known.call.call_id;
    await original.move([{ type: 'succeed', attempt: 1 }], { ending: { status: 'succeeded' } });
    const undoing = await dead({ compensates: originalId });
    expect(lastOutcome(originalId)).toMatchObject({ compensating_actions: [{ status: 'dead' }] });
    const verdict = new ResolveCall(administration, systemClock);
    await verdict.execute(tenant, undoing, { verdict: 'give_up' }, 'ops');
    expect(lastOutcome(originalId)).toMatchObject({
      compensating_actions: [{ call_id: undoing, status: 'failed' }],
    });
    expect(await administration.saga(tenant, 'lead-7')).toEqual([originalId]);
  });
});

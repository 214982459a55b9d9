import { childSpan, systemClock } from '@action-mesh/kernel';

import { PostgresCallAdministration } from '../src/adapters/postgres/administration/postgres-call-administration.js';
import { PostgresAwaitingCalls } from '../src/adapters/postgres/postgres-awaiting-calls.js';
import { CancelCall } from '../src/application/administration/cancel-call.js';
import { RescheduleCall } from '../src/application/administration/reschedule-call.js';
import { awaitingAuth, type AuthNeed } from '../src/application/auth-wait.js';
import type { Park } from '../src/application/ledger.port.js';
import { transitions } from '../src/domain/call.js';
import { aCall, capacityFor, LedgerBench, type TestLedger } from './ledger-bench.js';
import { go, hourMs, makeDue, sent, sessionOf, takenOver } from './parked-call.js';

const link = 'https://mesh.example.com/connect/link/x';
const github: AuthNeed = { integration: 'github', provider: 'github', connectUrl: link };

let bench: LedgerBench;
let one: TestLedger;
let awaiting: PostgresAwaitingCalls;
let administration: PostgresCallAdministration;

beforeAll(async () => {
  bench = await LedgerBench.open();
  one = await bench.ledger('one');
  awaiting = new PostgresAwaitingCalls(bench.pool);
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

/** A long wait: only an event or its own time lets the call go. */
function waitFor(need: AuthNeed): Park {
  return awaitingAuth(need, { ageMs: hourMs, untilDeadlineMs: Infinity, isUnsure: false }).park;
}

async function awaits(overrides: Parameters<typeof aCall>[0] = {}, need = github): Promise<string> {
  const call = aCall(overrides);
  const start = transitions(undefined, { type: 'receive' }, { type: 'awaitAuth' });
  if (!start.ok) throw new Error(start.reason);
  await one.ledger.record({
    call,
    trace: childSpan(),
    start: start.call,
    park: waitFor(need),
    outcome: JSON.stringify({
      status: 'waiting',
      waiting: { reason: 'awaiting_auth', scope: `integration:${need.integration}` },
    }),
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

describe('a call that waits for a connection', () => {
  it('is let go by a change of its own tenant, user and integration alone (AA1)', async () => {
    const callId = await awaits({ tenant_id: 'acme', user_id: 'ada' });
    const change = { tenantId: 'acme', userId: 'ada', integration: 'github' };
    for (const foreign of [
      { tenantId: 'globex' },
      { userId: 'eve' },
      { integration: 'slack' },
      { userId: 'eve', isNewIntegration: true },
    ])
      expect(await awaiting.release([{ ...change, ...foreign }], 10)).toBe(0);
    expect(await wokenCalls()).toEqual([]);
    expect(await awaiting.release([{ ...change, userId: 'eve' }, change], 10)).toBe(1);
    expect(await wokenCalls()).toEqual([callId]);
    expect(await one.ledger.find('acme', callId)).toMatchObject({ state: 'AWAITING_AUTH', attempts: 0 });
  });

  it('of a tenant without an integration is let go when the tenant gets one', async () => {
    const missing = { integration: undefined, provider: 'notion' };
    const callId = await awaits({}, missing);
    expect(await awaiting.release([{ tenantId: 'acme', integration: 'notion' }], 10)).toBe(0);
    const change = { tenantId: 'acme', integration: 'notion', isNewIntegration: true };
    expect(await awaiting.release([{ ...change, tenantId: 'globex' }], 10)).toBe(0);
    expect(await awaiting.release([change], 10)).toBe(1);
    expect(await wokenCalls()).toEqual([callId]);
  });

  it('looks again by itself after a lost event, and never early (I6)', async () => {
    const callId = await awaits();
    expect(await wokenCalls()).toEqual([]);
    await makeDue(bench, [callId], 1);
    const [woken] = await one.ledger.wakeDue(capacityFor(10));
    expect(woken?.owned).toMatchObject({
      call: { call_id: callId },
      state: { state: 'AWAITING_AUTH', attempt: 0 },
      told: { reason: 'awaiting_auth', scope: 'integration:github' },
    });
  });

  it('shows its link to people, and no time', async () => {
    const callId = await awaits({ user_id: 'ida' }, { ...github, missingScopes: ['repo'] });
    const shown = {
      reason: 'awaiting_auth',
      scope: 'integration:github',
      connect_url: link,
      missing_scopes: ['repo'],
    };
    expect((await one.ledger.find('acme', callId))?.waiting).toEqual(shown);
    const { calls } = await administration.waiting('acme', { reason: 'awaiting_auth', limit: 10 });
    expect(calls).toMatchObject([{ call_id: callId, user_id: 'ida', ...shown }]);
    expect(calls[0]).not.toHaveProperty('until');
    const page = await bench.pool.query(`SELECT outcome_status('AWAITING_AUTH') AS status`);
    expect(page.rows).toEqual([{ status: 'waiting' }]);
  });

  it('keeps its connection and its attempt, and may be one whose effect is unknown (I2)', async () => {
    const session = await sent(one);
    const { call } = session.known;
    expect(
      await go(session, ['loseTrack', 'probe'], { status: 'indeterminate', park: waitFor(github) }),
    ).toBe(true);
    expect(await one.ledger.find('acme', call.call_id)).toMatchObject({
      state: 'INDETERMINATE',
      attempts: 1,
    });
    await awaiting.release([{ tenantId: 'acme', userId: call.user_id, integration: 'github' }], 10);
    const [woken] = await one.ledger.wakeOverflow(capacityFor(10));
    expect(woken?.owned).toMatchObject({ call: { call_id: call.call_id }, state: { attempt: 1 } });
  });

  it('pins the connection of its intent for every later owner (I2)', async () => {
    const connectionId = '01998c50-0000-7a0b-8c0d-0e0f10111213';
    const callId = await awaits();
    await makeDue(bench, [callId], 1);
    const [woken] = await one.ledger.wakeDue(capacityFor(10));
    if (woken === undefined) throw new Error('the call was not woken');
    const session = sessionOf(one, woken.owned);
    const intent = { digest: Buffer.alloc(32), providerKey: woken.owned.providerKey, connectionId };
    expect(await session.move([{ type: 'claim' }, { type: 'dispatch' }], { intent })).toBe(true);
    expect(await go(session, ['retry', 'awaitAuth'], { status: 'waiting', park: waitFor(github) })).toBe(
      true,
    );
    const view = await one.ledger.find('acme', callId);
    expect(view).toMatchObject({ state: 'AWAITING_AUTH', attempts: 1, connection_id: connectionId });
    expect(JSON.parse(view?.outcome?.text ?? '{}')).toMatchObject({ connection_id: connectionId });
    await makeDue(bench, [callId], 1);
    const [again] = await one.ledger.wakeDue(capacityFor(10));
    expect(again?.owned).toMatchObject({ connectionId, state: { attempt: 1 } });
  });

  it('can be cancelled, and cannot be rescheduled', async () => {
    const callId = await awaits();
    const rescheduled = await new RescheduleCall(administration, systemClock).execute(
      'acme',
      callId,
      Date.now(),
      'olga',
    );
    expect(rescheduled).toMatchObject({ kind: 'refused', refusal: { code: 'call_not_waiting' } });
    expect(await new CancelCall(administration).execute('acme', callId, 'olga')).toEqual({ kind: 'done' });
    expect(await one.ledger.find('acme', callId)).toMatchObject({ state: 'CANCELLED', attempts: 0 });
    expect(await awaiting.release([{ tenantId: 'acme', integration: 'github' }], 10)).toBe(0);
  });

  it('waits for a later executor when this one ends, and is taken over while it is looked at', async () => {
    const callId = await awaits();
    await makeDue(bench, [callId], 1);
    const two = await bench.ledger('two');
    const [woken] = await two.ledger.wakeDue(capacityFor(10));
    expect(woken?.owned.call.call_id).toBe(callId);
    await two.close();
    const owned = await takenOver(one, callId);
    expect(owned).toMatchObject({
      state: { state: 'AWAITING_AUTH', attempt: 0, recovered: true },
      told: { reason: 'awaiting_auth' },
    });
  });
});

it('the release takes bounded batches, and each call once among several executors', async () => {
  for (let n = 0; n < 30; n += 1) await awaits({ user_id: `user-${n}` });
  const change = { tenantId: 'acme', integration: 'github' };
  expect(await awaiting.release([change], 10)).toBe(10);
  const counts = await Promise.all([1, 2, 3].map(() => awaiting.release([change], 100)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
  expect(await wokenCalls()).toHaveLength(30);
});

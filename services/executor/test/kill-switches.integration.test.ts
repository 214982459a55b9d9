import { topics } from '@action-mesh/contracts';
import type { KillSwitch } from '@action-mesh/contracts/auth-broker';
import { waitingPageSchema, type WaitingPage } from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { sampleKey, sampleSwitch, sampleTenant } from '@action-mesh/identity/testing';
import { eventType, newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { IngressStage, submission } from './ingress-stage.js';
import { aCall } from './ledger-bench.js';

jest.setTimeout(120_000);

const publisher = sampleKey('acme', { use: 'publisher' });

let stage: IngressStage;
let executor: Awaited<ReturnType<IngressStage['start']>>;

beforeAll(async () => {
  stage = await IngressStage.open(sampleTenant('acme'), publisher.identity);
  executor = await stage.start();
});

afterEach(() => stage.oracle.reset());

afterAll(() => stage[Symbol.asyncDispose]());

/** A call as the gateway publishes it. */
function accepted(changes: Partial<AcceptedCall> = {}): AcceptedCall {
  return aCall({
    tool: { slug: 'crm_update_contact', version: '1.2.0' },
    arguments: { email: 'ada@example.com', company: newId() },
    user_id: 'held',
    ...changes,
  });
}

async function publishAccepted(...calls: AcceptedCall[]): Promise<void> {
  await stage.publishAll(
    topics.calls.name,
    calls.map((call) => ({ key: call.hash, value: JSON.stringify(call) })),
    { ce_type: eventType(CallAccepted) },
  );
}

/** Turns on a switch, and waits until the executor refuses submissions under it. */
async function turnOn(target: KillSwitch['target'], probe: object): Promise<KillSwitch> {
  const on = sampleSwitch(target, { id: crypto.randomUUID(), tenant_id: 'acme' });
  await stage.identify(on);
  await waitFor(
    async () => {
      const call = submission(probe);
      await submit(call);
      const { value } = await stage.outcomeOf(call.call_id);
      return (value['error'] as { code?: string } | undefined)?.code === 'switched_off';
    },
    { what: 'the switch to be known', timeoutMs: 30_000 },
  );
  return on;
}

async function submit(call: object): Promise<void> {
  await stage.publish(topics.ingress.name, JSON.stringify(call), { 'mesh-publisher-token': publisher.key });
}

async function heldCalls(): Promise<WaitingPage['calls']> {
  const { body } = await stage.ask('GET', 'waiting?reason=switched_off', 'acme');
  return waitingPageSchema.parse(body).calls;
}

const isEnd = ({ value }: { readonly value: Readonly<Record<string, unknown>> }): boolean =>
  value['status'] !== 'waiting' && value['status'] !== 'indeterminate';

describe('a kill switch', () => {
  it('refuses submissions, holds queued calls without an attempt, and lets them go within 2 s (KS1, KS2, KS3)', async () => {
    const on = await turnOn({ type: 'user', value: 'held' }, { user_id: 'held' });
    const call = accepted();
    await publishAccepted(call);
    const scope = `switch:${on.id}`;
    expect((await stage.outcomeOf(call.call_id)).value).toMatchObject({
      status: 'waiting',
      waiting: { reason: 'switched_off', scope },
      attempts: 0,
    });
    expect(await stage.view('acme', call.call_id)).toMatchObject({
      state: 'THROTTLED',
      waiting: { reason: 'switched_off', scope },
    });
    expect(await heldCalls()).toMatchObject([{ call_id: call.call_id, scope }]);
    const other = accepted({ user_id: 'free' });
    await publishAccepted(other);
    await stage.outcomeOf(other.call_id, 'succeeded');
    expect(await stage.effectsOf(call)).toBe(0);

    await stage.forget(on);
    const liftedAtMs = performance.now();
    expect((await stage.outcomeOf(call.call_id, 'succeeded')).value).toMatchObject({ attempts: 1 });
    expect(performance.now() - liftedAtMs).toBeLessThan(2_000);
    expect(await stage.effectsOf(call)).toBe(1);
  });

  it('holds a call that waits for its next attempt, when its time comes', async () => {
    await stage.oracle.behave({
      match: { path: '/echo' },
      mode: 'status',
      status: 503,
      headers: { 'retry-after': '2' },
    });
    const call = accepted();
    await publishAccepted(call);
    const first = await stage.outcomeOf(call.call_id, 'waiting');
    expect(first.value).toMatchObject({ waiting: { reason: 'retry' }, attempts: 1 });
    await stage.oracle.reset();
    const on = await turnOn({ type: 'tool', value: 'crm_update_contact' }, {});
    await waitFor(async () => (await stage.view('acme', call.call_id))?.waiting?.reason === 'switched_off', {
      what: 'the call to be held',
      timeoutMs: 30_000,
    });
    expect(await stage.view('acme', call.call_id)).toMatchObject({ attempts: 1 });
    expect(await stage.effectsOf(call)).toBe(0);
    await stage.forget(on);
    expect((await stage.outcomeOf(call.call_id, 'succeeded')).value).toMatchObject({ attempts: 2 });
    expect(await stage.effectsOf(call)).toBe(1);
  });

  it('holds compensating calls too', async () => {
    const done = accepted();
    await publishAccepted(done);
    await stage.outcomeOf(done.call_id, 'succeeded');
    const on = await turnOn({ type: 'user', value: 'held' }, { user_id: 'held' });
    const undo = accepted({ compensates: done.call_id });
    await publishAccepted(undo);
    expect((await stage.outcomeOf(undo.call_id)).value).toMatchObject({
      status: 'waiting',
      waiting: { reason: 'switched_off' },
    });
    await stage.forget(on);
    await stage.outcomeOf(undo.call_id, 'succeeded');
    expect(await stage.view('acme', done.call_id)).toMatchObject({
      compensating_actions: [{ call_id: undo.call_id, status: 'succeeded' }],
    });
  });

  it('lets held calls be cancelled', async () => {
    const on = await turnOn({ type: 'user', value: 'held' }, { user_id: 'held' });
    const call = accepted();
    await publishAccepted(call);
    await stage.outcomeOf(call.call_id, 'waiting');
    expect((await stage.ask('POST', `calls/${call.call_id}/cancel`, 'acme')).status).toBe(200);
    await stage.outcomeOf(call.call_id, 'cancelled');
    await stage.forget(on);
    await submitUntilTaken();
    expect(await stage.effectsOf(call)).toBe(0);
    expect(stage.outcomes.filter(({ key }) => key === call.call_id).filter(isEnd)).toHaveLength(1);
  });

  it('answers a duplicate of a held call with its hold, and both with one end (I4)', async () => {
    const on = await turnOn({ type: 'user', value: 'held' }, { user_id: 'held' });
    const call = accepted();
    const again = { ...call, call_id: newId() };
    await publishAccepted(call);
    await stage.outcomeOf(call.call_id, 'waiting');
    await publishAccepted(again);
    expect((await stage.outcomeOf(again.call_id)).value).toMatchObject({
      duplicate_of: call.call_id,
      waiting: { reason: 'switched_off' },
    });
    await stage.forget(on);
    await Promise.all([call, again].map(({ call_id }) => stage.outcomeOf(call_id, 'succeeded')));
    expect(await stage.effectsOf(call)).toBe(1);
  });

  it('holds calls over a restart, and a start lets those go whose switch was lifted meanwhile', async () => {
    const on = await turnOn({ type: 'user', value: 'held' }, { user_id: 'held' });
    const call = accepted();
    await publishAccepted(call);
    await stage.outcomeOf(call.call_id, 'waiting');
    await stage.stop(executor);
    executor = await stage.start();
    const other = accepted({ user_id: 'free' });
    await publishAccepted(other);
    await stage.outcomeOf(other.call_id, 'succeeded');
    expect(await stage.view('acme', call.call_id)).toMatchObject({ waiting: { reason: 'switched_off' } });
    await stage.stop(executor);
    await stage.forget(on);
    executor = await stage.start();
    await stage.outcomeOf(call.call_id, 'succeeded');
    expect(await stage.effectsOf(call)).toBe(1);
  });

  it('holds 3,000 calls, which continue within 2 s after it was lifted, each once (I1, I2, I4)', async () => {
    const on = await turnOn({ type: 'tenant', value: 'acme' }, {});
    const calls = Array.from({ length: 3_000 }, (_, n) => accepted({ user_id: `user-${n % 100}` }));
    await publishAccepted(...calls);
    const ids = new Set(calls.map(({ call_id }) => call_id));
    const of = (status: string): number =>
      stage.outcomes.filter(({ key, value }) => ids.has(key) && value['status'] === status).length;
    await waitFor(() => of('waiting') === calls.length, { what: 'all calls to be held', timeoutMs: 60_000 });
    expect(of('succeeded')).toBe(0);
    await stage.forget(on);
    const liftedAtMs = performance.now();
    await waitFor(() => of('succeeded') > 0, { what: 'the first calls', timeoutMs: 30_000, intervalMs: 5 });
    const firstMs = performance.now() - liftedAtMs;
    await waitFor(async () => (await heldCalls()).length === 0, { what: 'no held call', timeoutMs: 30_000 });
    const releasedMs = performance.now() - liftedAtMs;
    await waitFor(() => of('succeeded') === calls.length, { what: 'all calls', timeoutMs: 90_000 });
    console.log(
      `3,000 held calls: the first ended ${Math.round(firstMs)} ms after the lift, none was held after ${Math.round(releasedMs)} ms, the last ended after ${Math.round(performance.now() - liftedAtMs)} ms`,
    );
    expect(firstMs).toBeLessThan(2_000);
    expect(releasedMs).toBeLessThan(2_000);
    const ends = stage.outcomes.filter((each) => ids.has(each.key) && isEnd(each));
    expect(new Set(ends.map(({ key }) => key)).size).toBe(calls.length);
    expect(ends).toHaveLength(calls.length);
    const companies = new Set(calls.map((call) => call.arguments['company']));
    const requests = await stage.oracle.requests({ path: '/echo' });
    const effects = requests.filter(({ body }) => companies.has((body as { company?: unknown }).company));
    expect(effects).toHaveLength(calls.length);
  });
});

/** Waits until the executor takes submissions of the user again. */
async function submitUntilTaken(): Promise<void> {
  await waitFor(
    async () => {
      const call = submission({ user_id: 'held' });
      await submit(call);
      return (await stage.outcomeOf(call.call_id)).value['status'] === 'succeeded';
    },
    { what: 'the switch to be off', timeoutMs: 30_000 },
  );
}

import { topics } from '@action-mesh/contracts';
import { callComparisonSchema, type CallComparison } from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { sampleKey, sampleSwitch, sampleTenant } from '@action-mesh/identity/testing';
import { eventType, newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { IngressStage, sampleToolAt, submission } from './ingress-stage.js';
import { aCall } from './ledger-bench.js';

jest.setTimeout(120_000);

const publisher = sampleKey('acme', { use: 'publisher' });

let stage: IngressStage;

beforeAll(async () => {
  stage = await IngressStage.open(sampleTenant('acme'), publisher.identity);
  await stage.start();
});

afterAll(() => stage[Symbol.asyncDispose]());

async function submit(changes: object): Promise<ReturnType<typeof submission>> {
  const call = submission(changes);
  await stage.publish(topics.ingress.name, JSON.stringify(call), { 'mesh-publisher-token': publisher.key });
  return call;
}

async function publishAccepted(call: AcceptedCall): Promise<void> {
  const records = [{ key: call.hash, value: JSON.stringify(call) }];
  await stage.publishAll(topics.calls.name, records, { ce_type: eventType(CallAccepted) });
}

async function comparison(callId: string, other: string): Promise<CallComparison> {
  const { body } = await stage.ask('GET', `calls/${callId}/comparison?with=${other}`, 'acme');
  return callComparisonSchema.parse(body);
}

const requestsSeen = async (): Promise<number> => (await stage.oracle.requests({ path: '/echo' })).length;

describe('a dry run', () => {
  it('answers with the request and the limits, and nothing reaches the provider (R6, RH1)', async () => {
    const before = await requestsSeen();
    const call = await submit({ mode: 'dry_run' });
    const { value } = await stage.outcomeOf(call.call_id);
    expect(value).toMatchObject({
      status: 'dry_run',
      attempts: 0,
      replayed: false,
      preview: {
        would: 'send',
        request: { method: 'POST', url: `${stage.oracle.url}/echo`, body: JSON.stringify(call['arguments']) },
      },
    });
    const view = await stage.view('acme', call.call_id);
    expect(view).toMatchObject({
      state: 'REHEARSED',
      mode: 'dry_run',
      attempts: 0,
      request: { digest: (value['preview'] as { request: { digest: string } }).request.digest },
    });
    expect(view?.ended_at).toBeDefined();
    expect(await requestsSeen()).toBe(before);
  });

  it('shows the kill switch that would hold the call', async () => {
    const on = sampleSwitch(
      { type: 'user', value: 'stopped' },
      { id: crypto.randomUUID(), tenant_id: 'acme' },
    );
    await stage.identify(on);
    const limit = { kind: 'kill_switch', scope: `switch:${on.id}`, holds: true };
    const shown = await waitFor(
      async () => {
        const { call_id: callId } = await submit({ mode: 'dry_run', user_id: 'stopped' });
        const { preview } = (await stage.outcomeOf(callId)).value as { preview: { limits: object[] } };
        return preview.limits.length > 0 ? preview : undefined;
      },
      { what: 'the switch to be known', timeoutMs: 30_000 },
    );
    expect(shown).toMatchObject({ would: 'wait', reason: 'switched_off', limits: [limit] });
    await stage.forget(on);
  });

  it('is no duplicate of a live call, even with one idempotency key', async () => {
    const same = {
      agent: { id: 'agent', run_id: newId() },
      arguments: { email: 'a@b.example' },
      idempotency_key: newId(),
    };
    const live = await submit(same);
    await stage.outcomeOf(live.call_id, 'succeeded');
    const dry = await submit({ ...same, mode: 'dry_run' });
    expect((await stage.outcomeOf(dry.call_id)).value).toMatchObject({ status: 'dry_run', replayed: false });
    const again = await submit({ ...same, mode: 'dry_run' });
    expect((await stage.outcomeOf(again.call_id)).value).toMatchObject({
      status: 'dry_run',
      replayed: true,
      duplicate_of: dry.call_id,
    });
    const shadow = await submit({ ...same, mode: 'shadow' });
    expect((await stage.outcomeOf(shadow.call_id)).value).toMatchObject({
      status: 'shadowed',
      replayed: false,
    });
    const repeated = await submit(same);
    expect((await stage.outcomeOf(repeated.call_id)).value).toMatchObject({
      status: 'succeeded',
      duplicate_of: live.call_id,
    });
    const effects = await stage.oracle.requests({ path: '/echo' });
    expect(
      effects.filter(({ body }) => JSON.stringify(body) === JSON.stringify(same.arguments)),
    ).toHaveLength(1);
  });

  it('looks anew each time without an idempotency key', async () => {
    const same = { agent: { id: 'agent', run_id: newId() }, arguments: { email: newId() }, mode: 'dry_run' };
    for (let n = 0; n < 2; n += 1) {
      const { call_id: callId } = await submit(same);
      expect((await stage.outcomeOf(callId)).value).toMatchObject({ status: 'dry_run', replayed: false });
    }
  });

  it('waits for its tool like a live call, and then ends without a request (R6)', async () => {
    const call = aCall({
      tool: { slug: 'crm_late_tool', version: '1.0.0' },
      arguments: { email: newId() },
      mode: 'dry_run',
    });
    await publishAccepted(call);
    await waitFor(async () => (await stage.view('acme', call.call_id))?.state === 'THROTTLED', {
      what: 'the call to wait for its tool',
    });
    const before = await requestsSeen();
    await stage.publishTool(sampleToolAt(stage.oracle.url, { slug: 'crm_late_tool', version: '1.0.0' }));
    expect((await stage.outcomeOf(call.call_id, 'dry_run')).value).toMatchObject({ attempts: 0 });
    expect(await stage.view('acme', call.call_id)).toMatchObject({ state: 'REHEARSED' });
    expect(await requestsSeen()).toBe(before);
  });
});

describe('a shadow', () => {
  it('is recorded with its digest and can be compared with the live call after it', async () => {
    const args = { email: 'ada@example.com', company: newId() };
    const shadow = await submit({ mode: 'shadow', arguments: args });
    const { value } = await stage.outcomeOf(shadow.call_id);
    const view = await stage.view('acme', shadow.call_id);
    expect(value).toMatchObject({
      status: 'shadowed',
      preview: { request: { digest: view?.request?.digest } },
    });
    expect(view).toMatchObject({
      state: 'REHEARSED',
      request: { method: 'POST', url: `${stage.oracle.url}/echo`, body: JSON.stringify(args) },
    });
    expect(await stage.effectsOf({ arguments: args })).toBe(0);

    const live = await submit({ arguments: args });
    await stage.outcomeOf(live.call_id, 'succeeded');
    expect(await comparison(shadow.call_id, live.call_id)).toEqual({
      call_id: shadow.call_id,
      with: live.call_id,
      equal: true,
      differences: [],
    });
    const other = await submit({ arguments: { ...args, email: 'bob@example.com' } });
    await stage.outcomeOf(other.call_id, 'succeeded');
    expect(await comparison(shadow.call_id, other.call_id)).toMatchObject({
      equal: false,
      differences: [{ part: 'body', at: '/email', first: '"ada@example.com"', second: '"bob@example.com"' }],
    });
    expect(await comparison(shadow.call_id, newId())).toMatchObject({
      not_compared: expect.stringContaining('has no request') as string,
    });
  });

  it('is found by its status, apart from dry runs', async () => {
    const agent = { id: `lister-${newId()}`, run_id: newId() };
    const shadow = await submit({ mode: 'shadow', agent, arguments: { email: '1' } });
    const dry = await submit({ mode: 'dry_run', agent, arguments: { email: '"mode":"shadow"' } });
    await Promise.all([shadow, dry].map(({ call_id: callId }) => stage.outcomeOf(callId)));
    const listed = async (status: string): Promise<unknown> =>
      (await stage.ask('GET', `calls?status=${status}&agent_id=${agent.id}&limit=10`, 'acme')).body;
    expect(await listed('shadowed')).toMatchObject({
      calls: [{ call_id: shadow.call_id, status: 'shadowed', state: 'REHEARSED' }],
    });
    expect(await listed('dry_run')).toMatchObject({ calls: [{ call_id: dry.call_id, status: 'dry_run' }] });
  });

  it.each(['shadow', 'dry_run'])(
    'cannot be cancelled, resolved or redriven after its end: %s',
    async (mode) => {
      const { call_id: callId } = await submit({ mode });
      await stage.outcomeOf(callId);
      const headers = { 'content-type': 'application/json' };
      const post = (path: string, body: object): ReturnType<IngressStage['ask']> =>
        stage.ask('POST', path, 'acme', headers, body);
      expect(await post(`calls/${callId}/cancel`, {})).toMatchObject({
        status: 409,
        body: { code: 'call_already_ended' },
      });
      expect(await post(`calls/${callId}/resolve`, { verdict: 'give_up' })).toMatchObject({
        status: 409,
        body: { code: 'verdict_not_needed' },
      });
      const redrive = { redrive_id: newId(), call_ids: [callId] };
      expect((await post('dead-letters/redrive', redrive)).body).toMatchObject({
        redriven: { count: 0 },
        not_dead: { call_ids: [callId] },
      });
    },
  );
});

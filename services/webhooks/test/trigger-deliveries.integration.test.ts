import { ToolRegistry } from '@action-mesh/admission';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { IdentityDirectory } from '@action-mesh/identity';
import { sampleTenant } from '@action-mesh/identity/testing';
import { systemClock } from '@action-mesh/kernel';
import { sampleTool } from '@action-mesh/testing';

import { PostgresTriggerDeliveries } from '../src/adapters/postgres/postgres-trigger-deliveries.js';
import { StartDeliveries } from '../src/application/start-deliveries.js';
import { eventOf, openTriggerStage, type TriggerStage } from './trigger-stage.js';

let stage: TriggerStage;
let deliveries: PostgresTriggerDeliveries;
beforeAll(async () => {
  stage = await openTriggerStage();
  deliveries = new PostgresTriggerDeliveries(stage.pool);
});
afterAll(() => stage.close());

const tenants = new IdentityDirectory('dev');
tenants.put(sampleTenant('acme'));
const tools = new ToolRegistry();
tools.put(
  sampleTool({
    slug: 'post_message',
    input: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    },
  }),
);

/** One instance of the service. Its log breaks while `failure` is set. */
function instance() {
  const sent: AcceptedCall[] = [];
  const state: { failure?: Error; mapFailure?: Error; errors: unknown[]; mapped: number } = {
    errors: [],
    mapped: 0,
  };
  const start = new StartDeliveries({
    deliveries,
    triggers: stage.store,
    mapper: {
      map: () => {
        state.mapped += 1;
        if (state.mapFailure !== undefined) return Promise.reject(state.mapFailure);
        return Promise.resolve({
          ok: true,
          results: [{ entry: 0, arguments: { text: `mapped ${state.mapped}` } }],
        });
      },
    },
    tools,
    tenants,
    switches: tenants.switches,
    calls: {
      accepted(calls) {
        sent.push(...calls);
        return state.failure === undefined ? Promise.resolve() : Promise.reject(state.failure);
      },
    },
    clock: systemClock,
    onError: (error) => state.errors.push(error),
  });
  return { start, sent, state };
}

const settings = {
  scheme: 'github',
  user_id: 'ada',
  calls: [{ tool: 'post_message', arguments: '{}' }],
} as const;
const declared = { ...settings, calls: [...settings.calls] };
const viewOf = async (trigger: string) => deliveries.list('acme', trigger, { limit: 10 });
/** Ends the claims of an instance that died. */
const expire = () => stage.pool.query(`UPDATE trigger_delivery SET claimed_until = '-infinity'`);

describe('deliveries of triggers', () => {
  it('are recorded once by their id, and only for declared triggers', async () => {
    await stage.declare('once', declared);
    const twins = await Promise.all(
      Array.from({ length: 8 }, () => deliveries.record(eventOf('once', 'd-1'), undefined)),
    );
    expect(twins.filter((result) => result === 'new')).toHaveLength(1);
    expect(await deliveries.record(eventOf('never_declared', 'd-1'), undefined)).toBe('undeclared');
    expect(await deliveries.record(eventOf('once', 'd-1', { tenant_id: 'globex' }), undefined)).toBe(
      'undeclared',
    );
    await instance().start.run();
    expect(await viewOf('once')).toMatchObject([{ state: 'started', call_ids: [expect.any(String)] }]);
  });

  it('send the same calls again after a crash between the log and the record (SD1)', async () => {
    await stage.declare('crashed', declared);
    await deliveries.record(eventOf('crashed', 'd-1'), undefined);
    const first = instance();
    first.state.failure = new Error('killed after the calls left');
    await first.start.run();
    expect(first.state.errors).toHaveLength(1);
    expect(await viewOf('crashed')).toMatchObject([{ state: 'received' }]);
    const second = instance();
    expect(await second.start.run()).toBe(0);
    await expire();
    await second.start.run();
    expect(second.sent).toEqual(first.sent);
    expect(second.state.mapped).toBe(0);
    expect(await viewOf('crashed')).toMatchObject([
      { state: 'started', call_ids: first.sent.map(({ call_id: callId }) => callId) },
    ]);
  });

  it('fail with a reason after several claims, when their plan breaks in an unknown way', async () => {
    await stage.declare('broken', declared);
    await deliveries.record(eventOf('broken', 'd-1'), undefined);
    for (let count = 0; count < 5; count += 1) {
      const { start, state } = instance();
      state.mapFailure = new Error('a defect');
      await start.run();
      await expire();
    }
    expect(await viewOf('broken')).toMatchObject([{ state: 'failed', reason: 'not_startable' }]);
  });

  it('belong to one instance: a late one changes nothing', async () => {
    await stage.declare('late', declared);
    await deliveries.record(eventOf('late', 'd-1'), undefined);
    const [slow] = await deliveries.claim(10);
    await expire();
    await instance().start.run();
    if (slow === undefined) throw new Error('nothing was claimed');
    expect(await deliveries.savePlan(slow, [])).toBe(false);
    await deliveries.finish(slow, { state: 'failed', reason: 'late' });
    expect(await viewOf('late')).toMatchObject([{ state: 'started' }]);
  });

  it('of all tenants and triggers go on beside one that fails (SD2)', async () => {
    const wrong = { ...declared, calls: [{ tool: 'unknown_tool', arguments: '{}' }] };
    await stage.declare('wrong', wrong);
    await stage.declare('right', declared);
    for (let index = 0; index < 3; index += 1)
      for (const name of ['wrong', 'right']) await deliveries.record(eventOf(name, `d-${index}`), undefined);
    const { start } = instance();
    while ((await start.run()) > 0);
    expect((await viewOf('wrong')).map(({ state, reason }) => [state, reason])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'tool_not_found']),
    );
    expect((await viewOf('right')).map(({ state }) => state)).toEqual(['started', 'started', 'started']);
  });

  it('of a quiet tenant do not wait behind many of another', async () => {
    await stage.declare('flood', declared);
    await stage.pool.query(
      `INSERT INTO trigger_declaration SELECT 'globex', name, settings, secrets, revision, next_at, created_at, updated_at, updated_by
         FROM trigger_declaration WHERE name = 'flood'`,
    );
    for (let index = 0; index < 40; index += 1)
      await deliveries.record(eventOf('flood', `d-${index}`), undefined);
    await deliveries.record(eventOf('flood', 'quiet', { tenant_id: 'globex' }), undefined);
    const claimed = await deliveries.claim(16);
    expect(claimed).toHaveLength(16);
    expect(claimed.map(({ event }) => event.tenant_id)).toContain('globex');
    await stage.pool.query(`DELETE FROM trigger_delivery WHERE name = 'flood'`);
  });

  it('are removed after their time, and never while they are open', async () => {
    await stage.declare('old', declared);
    const received_at = '2020-01-01T00:00:00.000Z';
    await deliveries.record(eventOf('old', 'open', { received_at }), undefined);
    expect(await deliveries.prune(Date.parse('2021-01-01'), 10)).toBe(0);
    await instance().start.run();
    expect(await deliveries.prune(Date.parse('2021-01-01'), 10)).toBe(1);
    expect(await viewOf('old')).toEqual([]);
  });
});

import { ToolRegistry } from '@action-mesh/admission';
import { JsonText, type TraceContext } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { CallOutcome, type CallView } from '@action-mesh/contracts/executor';
import type { CallRequest } from '@action-mesh/contracts/gateway';
import { KillSwitches, ToolAllowList, type Principal } from '@action-mesh/identity';
import { samplePrincipal, sampleSwitch } from '@action-mesh/identity/testing';

import { sampleTool } from '../../test/sample-tool.js';
import { MeshUnavailableError, QuotaSpentError, SwitchedOffError } from '../domain/gateway.errors.js';
import { AcceptCall } from './accept-call.js';
import { FakeCallHistory } from './call-history.fake.js';
import { CallVisibility } from './call-visibility.js';
import { FakeEventLog } from './event-log.fake.js';
import { ExecuteCall } from './execute-call.js';
import { FindCall } from './find-call.js';
import { NextPages } from './next-pages.js';
import { KnownTools } from './known-tools.js';
import { OutcomeWaiters } from './outcome-waiters.js';
import { RecentCalls } from './recent-calls.js';
import { TenantBacklog } from './tenant-backlog.js';

const callId = '019b76da-a800-7000-8000-000000000001';
const trace: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };
const request: CallRequest = {
  user_id: 'u1',
  agent: { id: 'a', run_id: 'r1' },
  tool: { slug: 'crm_update_contact' },
  arguments: { email: 'ada@example.com' },
};
const caller = samplePrincipal({ tenantId: 't1' });
const unavailable = new MeshUnavailableError('away');

function gateway(): {
  readonly log: FakeEventLog;
  readonly history: FakeCallHistory;
  readonly waiters: OutcomeWaiters;
  readonly link: { missing: string | undefined };
  readonly ledger: { refusal: string | undefined };
  readonly switches: KillSwitches;
  readonly quotas: { take: () => void };
  readonly execute: (
    request: CallRequest,
    waitMs?: number,
    caller?: Principal,
  ) => ReturnType<ExecuteCall['execute']>;
  /** Ends the connection of the newest call's caller. */
  readonly goAway: () => void;
  readonly find: FindCall;
} {
  const clock = new FakeClock();
  const registry = new ToolRegistry();
  registry.put(sampleTool());
  const log = new FakeEventLog();
  const history = new FakeCallHistory();
  const waiters = new OutcomeWaiters();
  const recent = new RecentCalls(clock);
  const link: { missing: string | undefined } = { missing: undefined };
  const ledger: { refusal: string | undefined } = { refusal: undefined };
  const switches = new KillSwitches();
  const quotas = { take: () => undefined };
  let goAway: () => void = () => undefined;
  const tools = new KnownTools(registry, link);
  const accept = new AcceptCall({
    tools,
    log,
    recent,
    backlog: new TenantBacklog(clock),
    ledger,
    switches,
    quotas,
    clock,
  });
  const execute = new ExecuteCall(accept, waiters, history, new NextPages(tools));
  return {
    log,
    history,
    waiters,
    link,
    ledger,
    switches,
    quotas,
    execute: (call, waitMs = 10_000, by = caller) =>
      execute.execute(call, {
        caller: by,
        trace,
        waitMs,
        whenGone: (stopWaiting) => (goAway = stopWaiting),
      }),
    goAway: () => goAway(),
    find: new FindCall(history, recent, new CallVisibility(tools), new NextPages(tools)),
  };
}

function viewWithOutcome(): CallView {
  const read = CallOutcome.schema.parse({
    call_id: callId,
    replayed: false,
    seq: 1,
    tenant_id: 't1',
    user_id: 'u1',
    tool: { slug: 'crm_update_contact' },
    status: 'succeeded',
    attempts: 1,
    recovered: false,
    at: '2026-01-01T00:00:00Z',
    ended_at: '2026-01-01T00:00:00Z',
    duration_ms: 1,
  });
  return {
    call_id: callId,
    tenant_id: 't1',
    user_id: 'u1',
    tool: { slug: 'crm_update_contact', version: '1.2.0' },
    state: 'SUCCEEDED',
    attempts: 1,
    received_at: '2026-01-01T00:00:00Z',
    outcome: new JsonText(`${JSON.stringify(read).slice(0, -1)},"result":${exact}}`),
  };
}

const exact = '{"id":7615917337495251231,"n":1E400}';

describe('ExecuteCall', () => {
  it('answers with an outcome that arrives before the log has confirmed the call', async () => {
    const { log, waiters, execute } = gateway();
    const outcome = {
      json: Buffer.from('{"status":"succeeded"}'),
      status: 'succeeded' as const,
      errorCode: undefined,
    };
    log.onCall = (call) => void waiters.settle(call, outcome);
    await expect(execute(request)).resolves.toMatchObject({ outcome });
    expect(waiters.size).toBe(0);
  });

  it.each(['confirms it later', 'fails'])('answers with such an outcome although the log %s', async (end) => {
    const { log, waiters, execute } = gateway();
    const outcome = {
      json: Buffer.from('{"status":"succeeded"}'),
      status: 'succeeded' as const,
      errorCode: undefined,
    };
    let confirm: (failure?: Error) => void = () => undefined;
    log.onCall = (call) => void waiters.settle(call, outcome);
    log.confirmed = new Promise((resolve, reject) => {
      confirm = (failure) => (failure === undefined ? resolve() : reject(failure));
    });
    await expect(execute(request)).resolves.toMatchObject({ outcome });
    confirm(end === 'fails' ? unavailable : undefined);
    await new Promise(setImmediate);
    expect(waiters.size).toBe(0);
  });

  it('acknowledges a call without an outcome only after the flushed topic has it (I1)', async () => {
    const { log, waiters, execute } = gateway();
    const { call, outcome } = await execute(request, 5);
    expect(outcome).toBeUndefined();
    expect(log.calls.map(({ lane }) => lane)).toEqual(['awaited', 'calls']);
    expect(log.calls.map((written) => written.call)).toEqual([call, call]);
    expect(waiters.size).toBe(0);
  });

  it('acknowledges nothing when the flushed topic does not confirm the call (I1)', async () => {
    const { log, waiters, execute } = gateway();
    log.onCall = () => (log.failure = unavailable);
    await expect(execute(request, 5)).rejects.toBe(unavailable);
    expect(waiters.size).toBe(0);
  });

  it('writes a call without a waiting caller to the flushed topic at once (I1)', async () => {
    const { log, execute } = gateway();
    await execute(request, 0);
    expect(log.calls.map(({ lane }) => lane)).toEqual(['calls']);
  });

  it('frees the waiter when its caller has gone', async () => {
    const { log, waiters, execute, goAway } = gateway();
    log.onCall = () => goAway();
    expect(await execute(request)).not.toHaveProperty('outcome');
    expect(log.calls.map(({ lane }) => lane)).toEqual(['awaited']);
    expect(waiters.size).toBe(0);
  });

  it('throws when the log did not confirm a call, and frees the waiter', async () => {
    const { log, waiters, execute, find } = gateway();
    log.failure = unavailable;
    await expect(execute({ ...request, call_id: callId })).rejects.toBe(unavailable);
    expect(waiters.size).toBe(0);
    await expect(find.execute(caller, callId)).resolves.toEqual({ kind: 'unknown' });
  });

  it('accepts nothing while something is missing', async () => {
    const { link, log, execute } = gateway();
    link.missing = 'the tools are not known';
    await expect(execute(request)).rejects.toBeInstanceOf(MeshUnavailableError);
    expect(log.calls).toEqual([]);
  });

  it('accepts no new call while the ledger refuses calls, and accepts the next one afterwards', async () => {
    const { execute, ledger, log, waiters } = gateway();
    ledger.refusal = 'could not extend file: No space left on device';
    const refused: unknown = await execute(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MeshUnavailableError);
    expect((refused as MeshUnavailableError).fix).toContain('Nothing was accepted');
    expect([log.calls.length, waiters.size]).toEqual([0, 0]);
    ledger.refusal = undefined;
    await execute(request, 0);
    expect(log.calls).toHaveLength(1);
  });

  it('answers a repeated request from the ledger when its outcome was published before', async () => {
    const { history, execute } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    history.views.set(callId, viewWithOutcome());
    const { outcome } = await execute({ ...request, call_id: callId });
    const json = Buffer.from(outcome?.json ?? []).toString();
    expect(JSON.parse(json)).toMatchObject({ status: 'succeeded' });
    expect(json).toContain(exact);
  });

  it('keeps waiting when the ledger cannot be read for a repeated request', async () => {
    const { history, waiters, execute } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    history.failure = unavailable;
    expect(await execute({ ...request, call_id: callId }, 5)).not.toHaveProperty('outcome');
    expect(waiters.size).toBe(0);
  });

  it.each<[string, Partial<CallRequest>]>([
    ['of other arguments', { arguments: { email: 'b' } }],
    ['of another user', { user_id: 'u2' }],
  ])('refuses a call id that a call %s just used', async (_what, other) => {
    const { execute, log } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    await expect(execute({ ...request, call_id: callId, ...other })).rejects.toMatchObject({
      refusal: 'call_id_conflict',
    });
    expect(log.calls).toHaveLength(1);
  });
});

describe('two tenants', () => {
  const other = samplePrincipal({ tenantId: 't2', keyId: 'fedcba9876543210' });

  it('may use one call id for two calls, and find their own alone (RC2)', async () => {
    const { execute, find, log } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    await expect(find.execute(other, callId)).resolves.toEqual({ kind: 'unknown' });
    await execute({ ...request, call_id: callId, arguments: { email: 'b' } }, 0, other);
    expect(log.calls.map(({ call }) => call.tenant_id)).toEqual(['t1', 't2']);
    await expect(find.execute(caller, callId)).resolves.toMatchObject({ call: { tenantId: 't1' } });
    await expect(find.execute(other, callId)).resolves.toMatchObject({ call: { tenantId: 't2' } });
  });
});

describe('a kill switch', () => {
  it.each([
    { type: 'tenant', value: 't1' },
    { type: 'key', value: caller.keyId ?? '' },
    { type: 'user', value: 'u1' },
    { type: 'agent', value: 'a' },
    { type: 'tool', value: 'crm_update_contact' },
    { type: 'provider', value: 'crm' },
  ] as const)('on %j refuses new calls until it is lifted', async (target) => {
    const { execute, switches, log, waiters } = gateway();
    const on = sampleSwitch(target, { tenant_id: 't1' });
    switches.put(on);
    const refused: unknown = await execute(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SwitchedOffError);
    expect(refused).toMatchObject({ switchId: on.id });
    expect([log.calls.length, waiters.size]).toEqual([0, 0]);
    await execute(request, 0, samplePrincipal({ tenantId: 't2', keyId: 'k2' }));
    switches.remove(on.id);
    await execute(request, 0);
    expect(log.calls).toHaveLength(2);
  });

  it('does not refuse the repetition of a call that was accepted before', async () => {
    const { execute, switches } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    switches.put(sampleSwitch({ type: 'user', value: 'u1' }));
    await expect(execute({ ...request, call_id: callId }, 0)).resolves.toMatchObject({
      call: { call_id: callId },
    });
  });
});

describe('a quota', () => {
  it('refuses a new call without a place in the backlog, and no repetition', async () => {
    const { execute, quotas, log } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    quotas.take = () => {
      throw new QuotaSpentError({ owner: 'key', what: 'calls', period: 'day', limit: 1, retryAfterS: 9 });
    };
    for (let n = 0; n < 3; n += 1) await expect(execute(request, 0)).rejects.toBeInstanceOf(QuotaSpentError);
    await execute({ ...request, call_id: callId }, 0);
    expect(log.calls).toHaveLength(2);
  });
});

describe('FindCall', () => {
  it.each<[string, Partial<Principal>]>([
    ['of other users', { users: new Set(['u2']) }],
    ['of other tools', { tools: new ToolAllowList(['crm_get_*']) }],
    ['of other toolkits', { tools: new ToolAllowList(['other/*']) }],
  ])('shows no call %s to a limited key (CV1)', async (_what, limits) => {
    const { execute, find, history } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    await expect(find.execute({ ...caller, ...limits }, callId)).resolves.toEqual({ kind: 'unknown' });
    await expect(find.execute({ ...caller, users: new Set(['u1']) }, callId)).resolves.toMatchObject({
      kind: 'accepted',
    });
    history.views.set(callId, viewWithOutcome());
  });

  it('finds an accepted call that is not recorded yet', async () => {
    const { execute, find } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    await expect(find.execute(caller, callId)).resolves.toMatchObject({ kind: 'accepted', call: { callId } });
  });

  it('prefers the ledger to its own memory', async () => {
    const { execute, find, history } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    history.views.set(callId, viewWithOutcome());
    await expect(find.execute(caller, callId)).resolves.toMatchObject({
      kind: 'recorded',
      view: { state: 'SUCCEEDED' },
    });
  });

  it('does not answer from memory when the ledger cannot be read', async () => {
    const { execute, find, history } = gateway();
    await execute({ ...request, call_id: callId }, 0);
    history.failure = unavailable;
    await expect(find.execute(caller, callId)).rejects.toBe(unavailable);
  });

  it.each(['', 'x', '../internal', '2f3b3c1e-8f3a-4c6a-9b52-0f6f1f0f5a11', callId.toUpperCase()])(
    'asks no service about %j, which is no call id',
    async (id) => {
      const { find, history } = gateway();
      history.failure = unavailable;
      await expect(find.execute(caller, id)).resolves.toEqual({ kind: 'unknown' });
    },
  );
});

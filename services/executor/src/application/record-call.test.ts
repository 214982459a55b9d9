import { jest } from '@jest/globals';
import { sampleTool } from '@action-mesh/testing';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import { childSpan, MeshError, newId } from '@action-mesh/kernel';
import { PolicySet } from '@action-mesh/policies';
import { FakeClock } from '@action-mesh/kernel/testing';

import { fakeCredentials } from './call-credentials.fake.js';
import { LedgerUnavailableError } from '../domain/executor.errors.js';
import { providerKeyOf } from '../domain/provider-key.js';
import { AskProvider } from './ask-provider.js';
import { FairShare } from './fair-share.js';
import { FakeLedger } from './ledger.fake.js';
import { answerOf } from './provider.fake.js';
import type { Provider } from './provider.port.js';
import { RecordCall } from './record-call.js';
import { fakeGate } from './policy-gate.fake.js';
import { fakeRehearsals } from './rehearse-call.fake.js';
import { RetryBudget } from './retry-budget.js';
import { RunCall } from './run-call.js';
import { SettleCall } from './settle-call.js';
import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

class BadArgumentsError extends MeshError {
  readonly code = 'BAD';
  readonly retry = 'terminal';
}

const startMs = Date.UTC(2026, 0, 1);

function aCall(overrides: Partial<AcceptedCall> = {}): AcceptedCall {
  return {
    call_id: newId(),
    tenant_id: 't',
    user_id: 'u',
    tool: { slug: 'x', version: '1.0.0' },
    arguments: {},
    scope: 'global',
    mode: 'live',
    hash: 'a'.repeat(64),
    content_hash: 'b'.repeat(64),
    accepted_at: new Date(startMs).toISOString(),
    ...overrides,
  };
}

function stage(
  tool: 'known' | 'unknown' | 'unbuildable' = 'known',
  total = 2,
  effect: Tool['effect'] = { class: 'opaque' },
) {
  const ledger = new FakeLedger();
  const clock = new FakeClock(startMs);
  const share = new FairShare({ total, clock });
  const known: PreparedTool = {
    tool: sampleTool({
      slug: 'x',
      validity_ms: 1_000,
      timeout_ms: 1_000,
      effect,
      provider: { slug: 'p', base_url: 'https://api.example' },
      retry: { max_attempts: 1, initial_backoff_ms: 0, max_backoff_ms: 0 },
    }),
    endpoint: 'POST api.example/x',
    buildRequest: () => {
      if (tool === 'unbuildable') throw new BadArgumentsError('the path parameter id is empty');
      return { method: 'POST', url: 'https://api.example/x', headers: {}, body: '{}' };
    },
  };
  const sent: ProviderRequest[] = [];
  const provider: Provider = {
    send: (request) => {
      sent.push(request);
      return Promise.resolve({ evidence: { kind: 'answered', status: 200 }, answer: answerOf() });
    },
  };
  const tools = { of: () => (tool === 'unknown' ? undefined : known), stable: () => undefined };
  const governor = new FakeGovernor();
  const policies = new PolicySet();
  const switches = new KillSwitches();
  const throttle = new Throttle(governor, switches, new ThrottleSpacing(clock), clock);
  const run = new RunCall({
    credentials: fakeCredentials(),
    ledger,
    provider,
    askProvider: new AskProvider(tools, provider, clock),
    throttle,
    settleCall: new SettleCall(new RetryBudget(clock), clock),
    clock,
    report: { fenced: () => undefined, broken: () => undefined },
  });
  const record = new RecordCall({
    ledger,
    tools,
    share,
    throttle,
    runCall: run,
    clock,
    credentials: fakeCredentials(),
    rehearseCall: fakeRehearsals({ throttle }),
    policyGate: fakeGate(clock, policies),
  });
  const receive = (call: AcceptedCall): ReturnType<RecordCall['execute']> =>
    record.execute({ call, trace: childSpan(), origin: 'mesh.calls/0/7', arrivedAtMs: startMs });
  return { ledger, clock, share, governor, switches, policies, receive, sent };
}

function errorCode(outcome: string | undefined): unknown {
  return (JSON.parse(outcome ?? '{}') as { error?: { code?: unknown } }).error?.code;
}

describe('an accepted call', () => {
  it('is recorded with its intent and then runs', async () => {
    const { ledger, receive, share } = stage();
    const call = aCall();
    expect(await receive(call)).toBe('fresh');
    expect(ledger.recorded[0]?.start).toMatchObject({ state: 'DISPATCHING', attempt: 1, fence: 1 });
    expect(ledger.recorded[0]?.intent?.providerKey).toBe(providerKeyOf(call));
    expect(ledger.recorded[0]?.intent?.digest).toHaveLength(32);
    await share.idle();
    expect(ledger.moves.map(({ to }) => to.state)).toEqual(['SUCCEEDED']);
  });

  it('of a keyed tool is sent with the key of its intent, in its body too [I3]', async () => {
    const { receive, share, sent, ledger } = stage('known', 2, {
      class: 'keyed',
      in: 'body',
      name: 'request_id',
      ttl_ms: 1_000,
    });
    const call = aCall();
    await receive(call);
    await share.idle();
    expect(sent.map(({ body }) => body)).toEqual([`{"request_id":"${providerKeyOf(call)}"}`]);
    expect(ledger.recorded[0]?.intent?.providerKey).toBe(providerKeyOf(call));
  });

  it.each(['following', 'replayed', 'redelivered', 'id_conflict'] as const)(
    'that is %s does not run',
    async (verdict) => {
      const { ledger, receive, share, governor } = stage();
      ledger.nextVerdict = verdict;
      expect(await receive(aCall())).toBe(verdict);
      expect(share.inUse).toBe(0);
      expect(ledger.moves).toHaveLength(0);
      expect(governor.settled.map(({ signal }) => signal)).toEqual([{ kind: 'not_sent', durationMs: 0 }]);
    },
  );

  it('that may not leave now waits in the ledger, uses no attempt, and its caller learns until when', async () => {
    const { ledger, receive, share, governor } = stage();
    governor.denyNext({
      allowed: false,
      reason: 'rate_limited',
      untilMs: startMs + 47_000,
      scope: 'provider:p',
      circuit: 'closed',
    });
    expect(await receive(aCall())).toBe('fresh');
    const [entry] = ledger.recorded;
    expect(entry?.start).toMatchObject({ state: 'THROTTLED', attempt: 0 });
    expect(entry?.park).toEqual({ delayMs: 47_000, reason: 'rate_limited', scope: 'provider:p' });
    expect(JSON.parse(entry?.outcome ?? '{}')).toMatchObject({
      status: 'waiting',
      waiting: {
        reason: 'rate_limited',
        until: new Date(startMs + 47_000).toISOString(),
        scope: 'provider:p',
      },
    });
    expect(entry?.intent).toBeUndefined();
    expect(share.inUse).toBe(0);
  });

  it('of a tenant with too many waiting is parked for its turn, and its caller learns that', async () => {
    const { ledger, receive, share } = stage('known', 1);
    const call = aCall();
    const key = { tenantId: call.tenant_id, credential: 'busy' };
    share.force(key);
    for (let n = 0; n < 256; n += 1) void share.join(key);
    expect(await receive(call)).toBe('fresh');
    const [entry] = ledger.recorded;
    expect(entry?.start).toMatchObject({ state: 'THROTTLED', attempt: 0 });
    expect(entry?.park).toEqual({ delayMs: 0, reason: 'tenant_backlog', scope: 'tenant:t' });
    expect(JSON.parse(entry?.outcome ?? '{}')).toMatchObject({
      status: 'waiting',
      waiting: { reason: 'tenant_backlog', scope: 'tenant:t' },
    });
    expect(share.inUse).toBe(1);
  });

  it.each(['tenant/t', 'key/k1', 'user/u', 'agent/a', 'tool/x', 'provider/p'])(
    'under a kill switch of its %s is recorded and held, without a slot and without an attempt (KS3, I7)',
    async (text) => {
      const { ledger, receive, share, switches, sent } = stage('known', 1);
      const [type = '', value = ''] = text.split('/');
      const on = sampleSwitch({ type, value } as Parameters<typeof sampleSwitch>[0]);
      switches.put(on);
      share.force({ tenantId: 't', credential: 'busy' });
      expect(await receive(aCall({ key_id: 'k1', agent: { id: 'a' } }))).toBe('fresh');
      const [entry] = ledger.recorded;
      expect(entry?.start).toMatchObject({ state: 'THROTTLED', attempt: 0 });
      expect(entry?.park).toEqual({ delayMs: Infinity, reason: 'switched_off', scope: `switch:${on.id}` });
      expect(JSON.parse(entry?.outcome ?? '{}')).toMatchObject({
        status: 'waiting',
        waiting: { reason: 'switched_off', scope: `switch:${on.id}` },
      });
      expect(entry?.intent).toBeUndefined();
      expect(sent).toEqual([]);
    },
  );

  it('is held when the switch comes while it waits for a slot', async () => {
    const { ledger, receive, share, switches, sent } = stage('known', 1);
    const busy = { tenantId: 't', credential: 'busy' };
    share.force(busy);
    const received = receive(aCall());
    switches.put(sampleSwitch({ type: 'tenant', value: 't' }));
    share.release(busy);
    expect(await received).toBe('fresh');
    expect(ledger.recorded).toMatchObject([{ park: { reason: 'switched_off' } }]);
    expect(share.inUse).toBe(0);
    expect(sent).toEqual([]);
  });

  it('under a used idempotency key is refused with its own outcome and becomes no call', async () => {
    const { ledger, receive, share } = stage();
    ledger.nextVerdict = 'key_conflict';
    expect(await receive(aCall({ idempotency_key: 'k' }))).toBe('refused');
    expect(ledger.recorded.at(-1)?.start).toBe('refused');
    expect(ledger.recorded.at(-1)?.call.idempotency_key).toBeUndefined();
    expect(errorCode(ledger.recorded.at(-1)?.outcome)).toBe('idempotency_key_conflict');
    expect(share.inUse).toBe(0);
  });

  it.each(['live', 'dry_run', 'shadow'] as const)(
    'whose deadline has passed ends without a request: %s',
    async (mode) => {
      const { ledger, receive, sent } = stage();
      await receive(aCall({ deadline: new Date(startMs).toISOString(), mode }));
      expect(ledger.recorded[0]?.start).toMatchObject({ state: 'FAILED', attempt: 0 });
      expect(errorCode(ledger.recorded[0]?.outcome)).toBe('deadline_exceeded');
      expect(sent).toEqual([]);
    },
  );

  it.each(['dry_run', 'shadow'] as const)(
    'of the mode %s ends with its record, and no request leaves (R6)',
    async (mode) => {
      const { ledger, receive, sent, governor, share } = stage();
      await receive(aCall({ mode }));
      expect(ledger.recorded).toMatchObject([
        { start: { state: 'REHEARSED', attempt: 0 }, intent: { digest: expect.any(Buffer) as Buffer } },
      ]);
      expect([sent, governor.asked, share.inUse]).toEqual([[], [], 0]);
    },
  );

  it('without a request ends with the reason', async () => {
    const { ledger, receive } = stage('unbuildable');
    await receive(aCall());
    expect(errorCode(ledger.recorded[0]?.outcome)).toBe('request_unbuildable');
  });

  it.each(['2026-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'])(
    'of an unknown tool waits in the ledger, whatever time its sender gives (%s) (I1, I7)',
    async (accepted_at) => {
      const { ledger, receive, share } = stage('unknown');
      expect(await receive(aCall({ accepted_at }))).toBe('fresh');
      const [entry] = ledger.recorded;
      expect(entry?.start).toMatchObject({ state: 'THROTTLED', attempt: 0 });
      expect(entry?.park).toEqual({ delayMs: 250, reason: 'tool_unknown', scope: 'tool:x@1.0.0' });
      expect(JSON.parse(entry?.outcome ?? '{}')).toMatchObject({
        status: 'waiting',
        waiting: { reason: 'tool_unknown', scope: 'tool:x@1.0.0' },
      });
      expect(share.inUse).toBe(0);
    },
  );

  it('without a slot for ten seconds waits in the ledger, and its partition moves on (I7)', async () => {
    jest.useFakeTimers();
    try {
      const { ledger, receive, share } = stage('known', 1);
      share.force({ tenantId: 'other', credential: 'busy' });
      const received = receive(aCall());
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await received).toBe('fresh');
      expect(ledger.recorded[0]?.park).toEqual({ delayMs: 0, reason: 'tenant_backlog', scope: 'tenant:t' });
    } finally {
      jest.useRealTimers();
    }
  });

  it('returns its permit when the ledger cannot be written', async () => {
    const { ledger, receive, share } = stage();
    ledger.unavailable = new LedgerUnavailableError('away');
    await expect(receive(aCall())).rejects.toBe(ledger.unavailable);
    expect(share.inUse).toBe(0);
  });
});

import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { sampleTool } from '@action-mesh/testing';
import { childSpan, MeshError, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';

import type { Call } from '../domain/call.js';
import { FairShare } from './fair-share.js';
import { FakeLedger } from './ledger.fake.js';
import type { OwnedCall } from './ledger.port.js';
import { fakeGate } from './policy-gate.fake.js';
import { fakeRehearsals } from './rehearse-call.fake.js';
import { ResumeCall } from './resume-call.js';
import type { RunCall } from './run-call.js';
import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';

class BadArgumentsError extends MeshError {
  readonly code = 'BAD';
  readonly retry = 'terminal';
}

const unbuildable: PreparedTool = {
  tool: sampleTool({ slug: 'x' }),
  endpoint: 'POST api.example/x',
  buildRequest: () => {
    throw new BadArgumentsError('the path parameter id is empty');
  },
};

function stage(tool?: PreparedTool) {
  const ledger = new FakeLedger();
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const share = new FairShare({ total: 2, clock });
  const tools: Tools = { of: () => tool, stable: () => undefined };
  const resumed: string[] = [];
  const requests: ProviderRequest[] = [];
  const runCall = {
    resumed: (_owned: unknown, _prepared: unknown, request: ProviderRequest) => {
      requests.push(request);
      return Promise.resolve();
    },
  } as unknown as RunCall;
  const report = { fenced: () => undefined, broken: (callId: string) => resumed.push(callId) };
  const runUpload = { execute: () => Promise.reject(new Error('no call has files')) };
  const governor = new FakeGovernor();
  const throttle = new Throttle(governor, new KillSwitches(), new ThrottleSpacing(clock), clock);
  const rehearseCall = fakeRehearsals({ throttle });
  const resume = new ResumeCall({
    ledger,
    tools,
    share,
    runCall,
    runUpload,
    rehearseCall,
    policyGate: fakeGate(clock),
    report,
  });
  return { ledger, resume, requests };
}

function owned(ledger: FakeLedger, overrides: Partial<OwnedCall> & { state?: Call } = {}): OwnedCall {
  return {
    call: {
      call_id: newId(),
      tenant_id: 't',
      user_id: 'u',
      tool: { slug: 'x', version: '1.0.0' },
      arguments: {},
      scope: 'global',
      mode: 'live',
      hash: 'a'.repeat(64),
      content_hash: 'b'.repeat(64),
      accepted_at: '9999-12-31T23:59:59.999Z',
    },
    trace: childSpan(),
    state: { state: 'THROTTLED', fence: 1, attempt: 0, recovered: false, redrives: 0, attemptsBefore: 0 },
    tried: [],
    providerKey: 'k',
    receivedAtMs: 0,
    ageMs: 0,
    firstDispatchAgeMs: 0,
    instance: ledger.instance,
    claimId: '1',
    ...overrides,
  };
}

function codeOf(outcome: string | undefined): unknown {
  return (JSON.parse(outcome ?? '{}') as { error?: { code?: unknown } }).error?.code;
}

describe('a call that waits for its tool', () => {
  it.each([
    [250, 250],
    [4_000, 4_000],
    [20_000, 5_000],
    [29_900, 100],
  ])('waits on after %i ms, for %i ms more, while the tool is unknown', async (ageMs, delayMs) => {
    const { ledger, resume } = stage();
    await resume.execute(owned(ledger, { ageMs }), 'in_turn');
    expect(ledger.moves.map(({ to, park }) => [to.state, park])).toEqual([
      ['THROTTLED', { delayMs, reason: 'tool_unknown', scope: 'tool:x@1.0.0' }],
    ]);
  });

  it('ends when its patience is over by the clock of the ledger, whatever time its sender gives (I1)', async () => {
    const { ledger, resume } = stage();
    await resume.execute(owned(ledger, { ageMs: 30_000 }), 'in_turn');
    expect(ledger.moves.map(({ to, validityMs }) => [to.state, validityMs])).toEqual([['FAILED', 0]]);
    expect(codeOf(ledger.moves[0]?.outcome)).toBe('tool_not_found');
  });

  it('ends at once, with the reason, when its tool builds no request from it', async () => {
    const { ledger, resume } = stage(unbuildable);
    await resume.execute(owned(ledger), 'in_turn');
    expect(codeOf(ledger.moves[0]?.outcome)).toBe('request_unbuildable');
  });
});

it('a resumed keyed call carries the stored key, in its body too [I2]', async () => {
  const { ledger, resume, requests } = stage({
    tool: sampleTool({ effect: { class: 'keyed', in: 'body', name: 'request_id', ttl_ms: 3_600_000 } }),
    endpoint: 'POST api.example/x',
    buildRequest: () => ({
      method: 'POST',
      url: 'https://api.example/x',
      headers: { 'content-type': 'application/json' },
      body: '{"amount":7615917337495251231}',
    }),
  });
  await resume.execute(owned(ledger, { providerKey: 'stored' }), 'in_turn');
  expect(requests.map(({ body }) => body)).toEqual(['{"amount":7615917337495251231,"request_id":"stored"}']);
});

it('a call without its tool needs a person when its request may have arrived (I2)', async () => {
  const { ledger, resume } = stage();
  const state: Call = {
    state: 'RETRY_WAIT',
    fence: 2,
    attempt: 1,
    recovered: false,
    redrives: 0,
    attemptsBefore: 0,
  };
  const tried = [
    { attempt: 1, at: '2026-01-01T00:00:00.000Z', kind: 'request', evidence: 'unanswered' },
  ] as const;
  await resume.execute(owned(ledger, { state, tried, ageMs: 60_000 }), 'in_turn');
  expect(ledger.moves.map(({ to }) => to.state)).toEqual(['NEEDS_REVIEW']);
});

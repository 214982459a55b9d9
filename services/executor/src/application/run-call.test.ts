import type { Tool } from '@action-mesh/contracts/catalog';
import { childSpan, FakeClock, newId } from '@action-mesh/kernel';

import type { CallState } from '@action-mesh/contracts/executor';
import type { Evidence } from '../domain/verdict.js';
import { FakeIncarnation, FakeLedger } from './ledger.fake.js';
import type { OwnedCall } from './ledger.port.js';
import type { Attempted, Provider, SendOptions } from './provider.port.js';
import { RunCall } from './run-call.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

const request: ProviderRequest = { method: 'POST', url: 'https://api.example/x', headers: {}, body: '{}' };
const silence: Evidence = { kind: 'unanswered', message: 'no answer' };
const ok: Attempted = {
  evidence: { kind: 'answered', status: 200 },
  answer: { result: '{"n":1}', incomplete: false },
};

class FakeProvider implements Provider {
  readonly sent: { request: ProviderRequest; options: SendOptions }[] = [];
  constructor(private readonly answers: Attempted[]) {}

  send(sent: ProviderRequest, options: SendOptions): Promise<Attempted> {
    this.sent.push({ request: sent, options });
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error('one request too many');
    return Promise.resolve(answer);
  }
}

function prepared(effect: Tool['effect']): PreparedTool {
  const tool: Tool = {
    slug: 'x',
    version: '1.0.0',
    title: 'X',
    description: 'x',
    provider: { slug: 'p', base_url: 'https://api.example' },
    input: { type: 'object' },
    examples: [],
    http: { method: 'POST', path: '/x', parameters: [], headers: {} },
    effect,
    timeout_ms: 1_000,
    retry: { max_attempts: 3, initial_backoff_ms: 0, max_backoff_ms: 0 },
    validity_ms: 60_000,
  };
  return { tool, buildRequest: () => request };
}

function owned(state: CallState, incarnation = new FakeIncarnation()): OwnedCall {
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
      accepted_at: new Date(0).toISOString(),
    },
    trace: childSpan(),
    state: {
      state,
      fence: 1,
      attempt: state === 'DISPATCHING' ? 1 : 0,
      recovered: false,
      redrives: 0,
      attemptsBefore: 0,
    },
    providerKey: 'the-key',
    receivedAtMs: 0,
    firstDispatchAgeMs: 0,
    incarnation,
    claimId: '1',
  };
}

function stage(answers: Attempted[]): {
  ledger: FakeLedger;
  provider: FakeProvider;
  run: RunCall;
  fenced: string[];
  broken: unknown[];
} {
  const ledger = new FakeLedger();
  const provider = new FakeProvider(answers);
  const fenced: string[] = [];
  const broken: unknown[] = [];
  const report = {
    fenced: (id: string) => void fenced.push(id),
    broken: (_: string, error: unknown) => void broken.push(error),
  };
  return {
    ledger,
    provider,
    run: new RunCall(ledger, provider, new FakeClock(0), report, () => 0),
    fenced,
    broken,
  };
}

const path = (ledger: FakeLedger): string[] => ledger.moves.map((move) => move.to.state);
const opaque: Tool['effect'] = { class: 'opaque' };
const keyed: Tool['effect'] = { class: 'keyed', header: 'Idempotency-Key', ttl_ms: 3_600_000 };

describe('a call whose intent is recorded', () => {
  it('is sent once, with a span of its trace, and settled with the answer as it came', async () => {
    const { ledger, provider, run } = stage([ok]);
    const call = owned('DISPATCHING');
    await run.sent(call, prepared(opaque), request);
    expect(path(ledger)).toEqual(['SUCCEEDED']);
    expect(ledger.moves[0]?.evidence).toBe(true);
    expect(ledger.moves[0]?.outcome).toContain('"result":{"n":1}');
    expect(provider.sent[0]?.request.headers['traceparent']).toContain(call.trace.traceId);
    expect(provider.sent[0]?.request.headers['traceparent']).not.toContain(call.trace.spanId);
    expect(ledger.released).toEqual([call]);
  });

  it('is never sent again when it is opaque and unanswered (I2)', async () => {
    const { ledger, provider, run } = stage([{ evidence: silence }]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request);
    expect(provider.sent).toHaveLength(1);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
  });

  it('is sent again with the same key when it is keyed and unanswered, each time after a new intent (I2, I3)', async () => {
    const { ledger, provider, run } = stage([{ evidence: silence }, { evidence: silence }, ok]);
    await run.sent(owned('DISPATCHING'), prepared(keyed), request);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(provider.sent.map((sent) => sent.request.headers['idempotency-key'])).toEqual([
      'the-key',
      'the-key',
      'the-key',
    ]);
    expect(ledger.moves.map(({ to }) => to.attempt)).toEqual([1, 2, 2, 3, 3]);
  });

  it('stops without a request when the ledger refuses the intent (I5)', async () => {
    const { ledger, provider, run, fenced } = stage([{ evidence: silence }]);
    ledger.onMove = ({ to }) => to.state !== 'DISPATCHING';
    await run.sent(owned('DISPATCHING'), prepared(keyed), request);
    expect(provider.sent).toHaveLength(1);
    expect(fenced).toHaveLength(1);
  });

  it('asks the lease at the last moment (I5)', async () => {
    const { provider, run, ledger } = stage([ok]);
    await run.sent(owned('DISPATCHING', ledger.incarnation), prepared(opaque), request);
    const mayStart = provider.sent[0]?.options.mayStart;
    expect(mayStart?.()).toBe(true);
    ledger.incarnation.end();
    expect(mayStart?.()).toBe(false);
  });

  it('of a lost incarnation is left alone, unless it certainly was not sent', async () => {
    const gone = new FakeIncarnation();
    gone.end();
    const unanswered = stage([{ evidence: silence }]);
    await unanswered.run.sent(owned('DISPATCHING', gone), prepared(keyed), request);
    expect(path(unanswered.ledger)).toEqual([]);
    const stopped: Evidence = {
      kind: 'not_sent',
      code: 'EGRESS_ABORTED',
      retryable: true,
      message: 'stopped',
    };
    const unsent = stage([{ evidence: stopped }]);
    await unsent.run.sent(owned('DISPATCHING', gone), prepared(opaque), request);
    expect(path(unsent.ledger)).toEqual(['RETRY_WAIT']);
  });

  it('keeps its claim for whoever comes next, and reports, when something breaks (I1)', async () => {
    const { ledger, run, broken } = stage([]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request);
    expect(broken).toHaveLength(1);
    expect(ledger.released).toHaveLength(0);
  });
});

describe('a call that was taken over', () => {
  it.each([
    ['opaque', opaque, ['NEEDS_REVIEW'], 0],
    ['keyed', keyed, ['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED'], 1],
    ['idempotent', { class: 'idempotent' } as const, ['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED'], 1],
    ['read', { class: 'read' } as const, ['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED'], 1],
  ])(
    'while its %s request was under way follows its effect class (I2)',
    async (_, effect, states, requests) => {
      const { ledger, provider, run } = stage([ok]);
      await run.takenOver(owned('DISPATCHING'), prepared(effect), request);
      expect(path(ledger)).toEqual(states);
      expect(provider.sent).toHaveLength(requests);
    },
  );

  it.each<CallState>(['RECEIVED', 'CLAIMED', 'RETRY_WAIT'])(
    'in %s is simply run, whatever its class',
    async (state) => {
      const { ledger, provider, run } = stage([ok]);
      await run.takenOver(owned(state), prepared(opaque), request);
      expect(path(ledger)).toEqual(['DISPATCHING', 'SUCCEEDED']);
      expect(provider.sent).toHaveLength(1);
    },
  );

  it('while it waited to be repeated needs a person when the provider has forgotten its key (I2)', async () => {
    const { ledger, provider, run } = stage([]);
    const stale = { ...owned('RETRY_WAIT'), firstDispatchAgeMs: 3_600_000 };
    await run.takenOver({ ...stale, state: { ...stale.state, attempt: 1 } }, prepared(keyed), request);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
    expect(provider.sent).toHaveLength(0);
  });

  it('after its deadline is failed and not sent', async () => {
    const { ledger, provider, run } = stage([]);
    const late = owned('RETRY_WAIT');
    const call = { ...late.call, deadline: new Date(0).toISOString() };
    await run.takenOver({ ...late, call }, prepared(opaque), request);
    expect(path(ledger)).toEqual(['FAILED']);
    expect(ledger.moves[0]?.outcome).toContain('deadline_exceeded');
    expect(provider.sent).toHaveLength(0);
  });
});

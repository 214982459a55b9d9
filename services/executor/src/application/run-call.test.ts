import { FakeLeases, fakeCredentials, servedIntegration } from './call-credentials.fake.js';
import { withProviderKey } from './provider-request.js';
import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';
import { childSpan, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';

import { CallDead, type CallState, type Tried } from '@action-mesh/contracts/executor';
import type { Permit, Signal } from '@action-mesh/governor/port';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import { AskProvider } from './ask-provider.js';
import { FakeInstance, FakeLedger } from './ledger.fake.js';
import type { OwnedCall } from './ledger.port.js';
import { answerOf, answerOfText } from './provider.fake.js';
import type { Attempted, Provider, SendOptions } from './provider.port.js';
import { RetryBudget } from './retry-budget.js';
import { RunCall } from './run-call.js';
import { SettleCall } from './settle-call.js';
import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

const request: ProviderRequest = { method: 'POST', url: 'https://api.example/x', headers: {}, body: '{}' };
const silence: AttemptEvidence = { kind: 'unanswered', message: 'no answer' };
const ok: Attempted = {
  evidence: { kind: 'answered', status: 200 },
  answer: answerOfText('{"n":1}'),
};

class FakeProvider implements Provider {
  readonly sent: { request: ProviderRequest; options: SendOptions }[] = [];
  readonly #answers: Attempted[];

  constructor(answers: Attempted[]) {
    this.#answers = answers;
  }

  send(sent: ProviderRequest, options: SendOptions): Promise<Attempted> {
    this.sent.push({ request: sent, options });
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error('one request too many');
    return Promise.resolve(answer);
  }
}

const aPermit: Permit = { circuit: 'closed', settle: () => undefined };

function prepared(effect: Tool['effect'], retry: Partial<Tool['retry']> = {}): PreparedTool {
  const tool = sampleTool({
    slug: 'x',
    version: '1.0.0',
    http: { method: 'POST', path: '/x', parameters: [], headers: {} },
    effect,
    timeout_ms: 1_000,
    retry: { max_attempts: 3, initial_backoff_ms: 0, max_backoff_ms: 0, ...retry },
  });
  return { tool, endpoint: 'POST api.example/x', buildRequest: () => request };
}

function owned(state: CallState, instance = new FakeInstance()): OwnedCall {
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
    tried: [],
    providerKey: 'the-key',
    receivedAtMs: 0,
    ageMs: 0,
    firstDispatchAgeMs: 0,
    instance,
    claimId: '1',
  };
}

interface Stage {
  readonly ledger: FakeLedger;
  readonly provider: FakeProvider;
  readonly governor: FakeGovernor;
  readonly switches: KillSwitches;
  readonly clock: FakeClock;
  readonly run: RunCall;
  readonly fenced: string[];
  readonly broken: unknown[];
}

function stage(answers: Attempted[], probe?: PreparedTool, credentials = fakeCredentials()): Stage {
  const ledger = new FakeLedger();
  const provider = new FakeProvider(answers);
  const governor = new FakeGovernor();
  const switches = new KillSwitches();
  const clock = new FakeClock(0);
  const fenced: string[] = [];
  const broken: unknown[] = [];
  const run = new RunCall({
    credentials,
    ledger,
    provider,
    askProvider: new AskProvider({ of: () => undefined, stable: () => probe }, provider, clock),
    throttle: new Throttle(governor, switches, new ThrottleSpacing(clock), clock),
    settleCall: new SettleCall(new RetryBudget(clock), clock),
    clock,
    report: {
      fenced: (id: string) => void fenced.push(id),
      broken: (_: string, error: unknown) => void broken.push(error),
    },
    random: () => 0,
  });
  return { ledger, provider, governor, switches, clock, run, fenced, broken };
}

const path = (ledger: FakeLedger): string[] => ledger.moves.map((move) => move.to.state);
const opaque: Tool['effect'] = { class: 'opaque' };
const unanswered: Tried = {
  attempt: 1,
  at: new Date(0).toISOString(),
  kind: 'request',
  evidence: 'unanswered',
};
const probeable = {
  class: 'probeable',
  probe: 'find_x',
  settle_ms: 5_000,
  reference: { in: 'body', name: 'reference' },
  argument: 'reference',
  found: '/items',
} as const satisfies Tool['effect'];
const keyed: Tool['effect'] = { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttl_ms: 3_600_000 };

describe('a call with a recorded intent', () => {
  it('is sent once, with a span of its trace, and settled with the unchanged answer', async () => {
    const { ledger, provider, run } = stage([ok]);
    const call = owned('DISPATCHING');
    await run.sent(call, prepared(opaque), request, aPermit);
    expect(path(ledger)).toEqual(['SUCCEEDED']);
    expect(ledger.moves[0]?.evidence).toBe(true);
    expect(ledger.moves[0]?.outcome).toContain('"result":{"n":1}');
    expect(provider.sent[0]?.request.headers['traceparent']).toContain(call.trace.traceId);
    expect(provider.sent[0]?.request.headers['traceparent']).not.toContain(call.trace.spanId);
    expect(ledger.released).toEqual([call]);
  });

  it('gets another permit when the commit of its intent outlasts the first one (I10)', async () => {
    const { ledger, provider, governor, clock, run } = stage([ok]);
    const signals: Signal[] = [];
    const stale: Permit = {
      circuit: 'closed',
      goodUntilMs: clock.monotonicMs() + 50,
      settle: (signal) => void signals.push(signal),
    };
    clock.advance(51);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, stale);
    expect(signals.map(({ kind }) => kind)).toEqual(['not_sent']);
    expect(governor.asked).toHaveLength(1);
    expect(governor.settled.map(({ signal }) => signal.kind)).toEqual(['answered']);
    expect(provider.sent).toHaveLength(1);
    expect(path(ledger)).toEqual(['SUCCEEDED']);
  });

  it('leaves with its permit while that is good', async () => {
    const { provider, governor, clock, run } = stage([ok]);
    const permit: Permit = {
      circuit: 'closed',
      goodUntilMs: clock.monotonicMs() + 50,
      settle: () => undefined,
    };
    clock.advance(50);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, permit);
    expect(governor.asked).toHaveLength(0);
    expect(provider.sent).toHaveLength(1);
  });

  it('waits, with nothing sent and no attempt used, when its permit has expired and there is no other (I10)', async () => {
    const { ledger, provider, governor, clock, run } = stage([]);
    governor.denyNext({
      allowed: false,
      reason: 'rate_limited',
      untilMs: 9_000,
      scope: 'p',
      circuit: 'closed',
    });
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, {
      ...aPermit,
      goodUntilMs: clock.monotonicMs() - 1,
    });
    expect(provider.sent).toHaveLength(0);
    expect(path(ledger)).toEqual(['THROTTLED']);
    expect(ledger.moves[0]?.park).toMatchObject({ delayMs: 9_000, reason: 'rate_limited' });
    expect(newestOutcome(ledger)).toMatchObject({ status: 'waiting', attempts: 0 });
    expect(ledger.moves[0]?.to.attempt).toBe(0);
  });

  it('has the arguments in the link to the next page, and no other part of the link', async () => {
    const parameters = [{ argument: 'page', in: 'query', name: 'page' } as const];
    const linked: Attempted = {
      ...ok,
      evidence: { kind: 'answered', status: 200, nextQuery: 'page=2&access_token=secret' },
    };
    const outcomeOf = async (more: Partial<Tool>): Promise<string | undefined> => {
      const plain = prepared(opaque);
      const tool = { ...plain.tool, http: { ...plain.tool.http, parameters }, ...more };
      const { ledger, run } = stage([linked]);
      await run.sent(owned('DISPATCHING'), { ...plain, tool }, request, aPermit);
      return ledger.moves[0]?.outcome;
    };
    expect(await outcomeOf({ pagination: { by: 'link' } })).toContain('"next":{"page":"2"}');
    expect(await outcomeOf({ pagination: { by: 'link' } })).not.toContain('secret');
    expect(await outcomeOf({})).not.toContain('"next"');
  });

  it('fails, and is not repeated, when the body of a 2xx says that nothing was done', async () => {
    const slack = prepared(opaque, { max_attempts: 3 });
    const tool = {
      ...slack,
      tool: {
        ...slack.tool,
        http: { ...slack.tool.http, failure: { at: '/ok', equals: false, reason: '/error' } },
      },
    };
    const refused = stage([{ ...ok, answer: answerOfText('{"ok":false,"error":"channel_not_found"}') }]);
    await refused.run.sent(owned('DISPATCHING'), tool, request, aPermit);
    expect(path(refused.ledger)).toEqual(['FAILED']);
    expect(refused.ledger.moves[0]?.evidence).toBe(true);
    expect(newestOutcome(refused.ledger)).toMatchObject({
      status: 'failed',
      error: { code: 'provider_reported_failure', category: 'provider' },
    });
    expect(JSON.stringify(newestOutcome(refused.ledger))).toContain('channel_not_found');
    const done = stage([{ ...ok, answer: answerOfText('{"ok":true}') }]);
    await done.run.sent(owned('DISPATCHING'), tool, request, aPermit);
    expect(path(done.ledger)).toEqual(['SUCCEEDED']);
  });

  it('succeeds when it deletes, its answer is lost, and its repetition finds nothing', async () => {
    const effect = { class: 'idempotent' } as const;
    const { tool, ...rest } = prepared(effect, { max_attempts: 3 });
    const http = {
      ...tool.http,
      method: 'DELETE' as const,
      answers: [{ status: 404, means: 'done' as const }],
    };
    const deleting = { ...rest, tool: { ...tool, http } };
    const gone: Attempted = {
      evidence: { kind: 'answered', status: 404 },
      answer: answerOfText('{"message":"Not Found"}'),
    };
    const lost = stage([{ evidence: silence }, gone]);
    await lost.run.sent(owned('DISPATCHING'), deleting, request, aPermit);
    expect(path(lost.ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(newestOutcome(lost.ledger)).not.toHaveProperty('result');
    const never = stage([gone]);
    await never.run.sent(owned('DISPATCHING'), deleting, request, aPermit);
    expect(path(never.ledger)).toEqual(['FAILED']);
  });

  it('waits, and the governor learns of a limit, when the answer reports it in its body (I10)', async () => {
    const { tool, ...rest } = prepared(opaque, { max_attempts: 3 });
    const rule = { status: 400, at: '/code', words: ['RATELIMITED'], means: 'limited' as const };
    const linear = { ...rest, tool: { ...tool, http: { ...tool.http, answers: [rule] } } };
    const limited: Attempted = {
      evidence: { kind: 'answered', status: 400 },
      answer: answerOfText('{"code":"RATELIMITED"}'),
    };
    const { ledger, run } = stage([limited, ok]);
    const signals: Signal[] = [];
    const permit: Permit = { ...aPermit, settle: (signal) => void signals.push(signal) };
    await run.sent(owned('DISPATCHING'), linear, request, permit);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(signals).toMatchObject([{ kind: 'answered', status: 429 }]);
  });

  it('is never sent again when it is opaque and unanswered (I2)', async () => {
    const { ledger, provider, run } = stage([{ evidence: silence }]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
    expect(provider.sent).toHaveLength(1);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
  });

  it.each(['header', 'query', 'body'] as const)(
    'is sent again with the same key in its %s when it is keyed and unanswered, each time after a new intent (I2, I3)',
    async (place) => {
      const { ledger, provider, run } = stage([{ evidence: silence }, { evidence: silence }, ok]);
      const tool = prepared({ class: 'keyed', in: place, name: 'request_id', ttl_ms: 3_600_000 });
      const keyedRequest = withProviderKey({ ...request, body: '{"a":1}' }, tool.tool, 'the-key');
      await run.sent(owned('DISPATCHING'), tool, keyedRequest, aPermit);
      expect(path(ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
      const sent = provider.sent.map(({ request: { url, headers, body } }) => ({
        header: headers['request_id'],
        query: new URL(url).searchParams.get('request_id') ?? undefined,
        body: (JSON.parse(String(body ?? '{}')) as Record<string, unknown>)['request_id'],
      }));
      expect(sent).toEqual(Array(3).fill({ [place]: 'the-key' }));
      expect(ledger.moves.map(({ to }) => to.attempt)).toEqual([1, 2, 2, 3, 3]);
    },
  );

  it('stops without a request when the ledger refuses the intent (I5)', async () => {
    const { ledger, provider, run, fenced } = stage([{ evidence: silence }]);
    ledger.onMove = ({ to }) => to.state !== 'DISPATCHING';
    await run.sent(owned('DISPATCHING'), prepared(keyed), request, aPermit);
    expect(provider.sent).toHaveLength(1);
    expect(fenced).toHaveLength(1);
  });

  it('checks the lease at the last moment (I5)', async () => {
    const { provider, run, ledger } = stage([ok]);
    await run.sent(owned('DISPATCHING', ledger.instance), prepared(opaque), request, aPermit);
    const mayStart = provider.sent[0]?.options.mayStart;
    expect(mayStart?.()).toBe(true);
    ledger.instance.end();
    expect(mayStart?.()).toBe(false);
  });

  it('of a lost instance stays unchanged, unless it certainly was not sent', async () => {
    const gone = new FakeInstance();
    gone.end();
    const unanswered = stage([{ evidence: silence }]);
    await unanswered.run.sent(owned('DISPATCHING', gone), prepared(keyed), request, aPermit);
    expect(path(unanswered.ledger)).toEqual([]);
    const stopped: AttemptEvidence = {
      kind: 'not_sent',
      code: 'EGRESS_ABORTED',
      retryable: true,
      message: 'stopped',
    };
    const unsent = stage([{ evidence: stopped }]);
    await unsent.run.sent(owned('DISPATCHING', gone), prepared(opaque), request, aPermit);
    expect(path(unsent.ledger)).toEqual(['CLAIMED']);
    expect(unsent.ledger.moves[0]?.to.attempt).toBe(0);
  });

  it('keeps its claim for the next owner, and reports, when the code breaks (I1)', async () => {
    const { ledger, run, broken } = stage([]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
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
  ])('during its %s request follows its effect class (I2)', async (_, effect, states, requests) => {
    const { ledger, provider, run } = stage([ok]);
    await run.resumed(owned('DISPATCHING'), prepared(effect), request);
    expect(path(ledger)).toEqual(states);
    expect(provider.sent).toHaveLength(requests);
  });

  it('is sent again at once, even with an empty retry budget of its provider', async () => {
    const many = 40;
    const { ledger, run } = stage(Array<Attempted>(many).fill(ok));
    for (let n = 0; n < many; n += 1) await run.resumed(owned('DISPATCHING'), prepared(keyed), request);
    expect(ledger.moves.filter(({ park }) => park !== undefined)).toEqual([]);
    expect(path(ledger).filter((state) => state === 'SUCCEEDED')).toHaveLength(many);
  });

  it.each<CallState>(['RECEIVED', 'CLAIMED', 'RETRY_WAIT'])(
    'in %s simply runs, in every effect class',
    async (state) => {
      const { ledger, provider, run } = stage([ok]);
      await run.resumed(owned(state), prepared(opaque), request);
      expect(path(ledger)).toEqual(['DISPATCHING', 'SUCCEEDED']);
      expect(provider.sent).toHaveLength(1);
    },
  );

  it('during its wait for a repetition needs a person when the provider has forgotten its key (I2)', async () => {
    const { ledger, provider, run } = stage([]);
    const stale = { ...owned('RETRY_WAIT'), tried: [unanswered], firstDispatchAgeMs: 3_600_000 };
    await run.resumed({ ...stale, state: { ...stale.state, attempt: 1 } }, prepared(keyed), request);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
    expect(provider.sent).toHaveLength(0);
  });

  it('after its deadline fails and is not sent', async () => {
    const { ledger, provider, run } = stage([]);
    const late = owned('RETRY_WAIT');
    const call = { ...late.call, deadline: new Date(0).toISOString() };
    await run.resumed({ ...late, call }, prepared(opaque), request);
    expect(path(ledger)).toEqual(['FAILED']);
    expect(ledger.moves[0]?.outcome).toContain('deadline_exceeded');
    expect(provider.sent).toHaveLength(0);
  });
});

const newestOutcome = (ledger: FakeLedger): Record<string, unknown> =>
  JSON.parse(ledger.moves.at(-1)?.outcome ?? '{}') as Record<string, unknown>;
const refused = (retryAfterMs: number): Attempted => ({
  evidence: { kind: 'answered', status: 429, retryAfterMs },
  answer: answerOf(),
});

describe('a retry', () => {
  it('with a wait too long for memory is parked for exactly that long, and reported (I6)', async () => {
    const { ledger, run } = stage([refused(47_000)]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
    expect(path(ledger)).toEqual(['RETRY_WAIT']);
    expect(ledger.moves[0]?.park).toEqual({ delayMs: 47_000, reason: 'retry' });
    expect(newestOutcome(ledger)).toMatchObject({
      status: 'waiting',
      waiting: { reason: 'retry', until: new Date(47_000).toISOString() },
      tried: [{ attempt: 1, kind: 'request', evidence: 'answered', status_code: 429 }],
    });
  });

  it('with the delay of a rung waits on the ladder', async () => {
    const { ledger, run } = stage([refused(29_900)]);
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
    expect(ledger.moves[0]?.park).toEqual({
      delayMs: 30_000,
      reason: 'retry',
      rung: 'mesh.calls.retry.30s',
    });
  });

  it('beyond the tool’s attempts makes the call dead, with its dead letter (I9)', async () => {
    const { ledger, run } = stage([refused(0)]);
    const call = { ...owned('DISPATCHING'), origin: 'mesh.calls/3/1042' };
    await run.sent(call, prepared(opaque, { max_attempts: 1 }), request, aPermit);
    expect(path(ledger)).toEqual(['DEAD']);
    expect(newestOutcome(ledger)).toMatchObject({ status: 'dead', error: { code: 'provider_rate_limited' } });
    expect(
      CallDead.schema
        .omit({ seq: true, died_at: true })
        .parse(JSON.parse(ledger.moves[0]?.death?.letter ?? '')),
    ).toMatchObject({
      status: 'dead',
      attempts: 1,
      origin: { topic: 'mesh.calls', partition: 3, offset: '1042' },
      tried: [{ status_code: 429 }],
    });
  });

  it('counts its attempts from one after a redrive', async () => {
    const { ledger, run } = stage([refused(0), ok]);
    const call = owned('DISPATCHING');
    const redriven = { ...call, state: { ...call.state, attempt: 3, redrives: 1, attemptsBefore: 2 } };
    await run.sent(redriven, prepared(opaque), request, aPermit);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(newestOutcome(ledger)).toMatchObject({ attempts: 4, redrives: 1 });
  });

  it('that the governor denies waits without using an attempt', async () => {
    const { ledger, governor, run } = stage([refused(0)]);
    governor.denyNext({
      allowed: false,
      reason: 'circuit_open',
      untilMs: 9_000,
      scope: 'circuit:p',
      circuit: 'open',
    });
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'THROTTLED']);
    expect(ledger.moves[1]?.to.attempt).toBe(1);
    expect(ledger.moves[1]?.park).toEqual({ delayMs: 9_000, reason: 'circuit_open', scope: 'circuit:p' });
    expect(newestOutcome(ledger)).toMatchObject({ status: 'waiting', circuit_breaker_status: 'open' });
  });

  it('returns its permit when the ledger refuses the intent', async () => {
    const { ledger, governor, run } = stage([refused(0)]);
    ledger.onMove = ({ to }) => to.state !== 'DISPATCHING';
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, aPermit);
    expect(governor.open).toBe(0);
    expect(governor.settled.map(({ signal }) => signal)).toEqual([{ kind: 'not_sent', durationMs: 0 }]);
  });

  it('past its deadline needs a person when an attempt may have acted', async () => {
    const { ledger, run } = stage([]);
    const late = owned('RETRY_WAIT');
    const call = { ...late.call, deadline: new Date(0).toISOString() };
    await run.resumed({ ...late, call, tried: [unanswered] }, prepared(keyed), request);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
  });
});

describe('a probeable call without an answer', () => {
  const probe = prepared({ class: 'read' });
  const found = (items: unknown[]): Attempted => ({
    evidence: { kind: 'answered', status: 200 },
    answer: answerOf({ items }),
  });
  const probing = (tried: readonly Tried[]): OwnedCall => {
    const call = owned('INDETERMINATE');
    return { ...call, state: { ...call.state, attempt: 1 }, tried };
  };
  const absent: Tried = { attempt: 1, at: new Date(0).toISOString(), kind: 'probe', evidence: 'absent' };

  it('waits until its provider can be asked, and reports that', async () => {
    const { ledger, run } = stage([{ evidence: silence }], probe);
    await run.sent(owned('DISPATCHING'), prepared(probeable), request, aPermit);
    expect(path(ledger)).toEqual(['INDETERMINATE']);
    expect(ledger.moves[0]?.park).toEqual({ delayMs: 5_000, reason: 'probe' });
    expect(newestOutcome(ledger)).toMatchObject({ status: 'indeterminate', waiting: { reason: 'probe' } });
  });

  it('succeeds with the result that the probe finds, and is not sent again (I2)', async () => {
    const { ledger, run } = stage([found([{ id: 'r-1' }])], probe);
    await run.resumed(probing([unanswered]), prepared(probeable), request);
    expect(path(ledger)).toEqual(['SUCCEEDED']);
    expect(newestOutcome(ledger)).toMatchObject({ status: 'succeeded', result: { id: 'r-1' }, attempts: 1 });
  });

  it('is not sent again when it is absent once: the probe may have looked too early (I2)', async () => {
    const { ledger, provider, run } = stage([found([])], probe);
    await run.resumed(probing([unanswered]), prepared(probeable), request);
    expect(path(ledger)).toEqual(['INDETERMINATE']);
    expect(ledger.moves[0]?.tried?.at(-1)).toMatchObject({ kind: 'probe', evidence: 'absent' });
    expect(provider.sent).toHaveLength(1);
  });

  it('is sent again when it is absent twice', async () => {
    const { ledger, provider, run } = stage([found([]), ok], probe);
    await run.resumed(probing([unanswered, absent]), prepared(probeable), request);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(provider.sent).toHaveLength(2);
  });

  it('needs a person when the provider gives no usable answer', async () => {
    const { ledger, run } = stage([{ evidence: silence }], probe);
    const unsure: Tried = { ...absent, evidence: 'unanswered' };
    await run.resumed(probing(Array<Tried>(8).fill(unsure)), prepared(probeable), request);
    expect(path(ledger)).toEqual(['NEEDS_REVIEW']);
  });

  it('is probed again, later each time, when its probe is not published', async () => {
    const { ledger, run } = stage([]);
    await run.resumed(
      probing([unanswered, { ...absent, evidence: 'unanswered' }]),
      prepared(probeable),
      request,
    );
    expect(ledger.moves[0]?.park).toEqual({ delayMs: 10_000, reason: 'probe' });
  });
});

describe('a call under a kill switch', () => {
  const on = sampleSwitch({ type: 'user', value: 'u' });
  const held = { reason: 'switched_off', scope: `switch:${on.id}` };

  it.each<CallState>(['CLAIMED', 'RECEIVED', 'RETRY_WAIT', 'THROTTLED'])(
    'is held in %s: nothing is sent, no attempt is used, and its caller learns the switch (KS3)',
    async (state) => {
      const { ledger, provider, governor, switches, run } = stage([]);
      switches.put(on);
      const call = owned(state);
      await run.resumed({ ...call, state: { ...call.state, attempt: 2 } }, prepared(opaque), request);
      expect(provider.sent).toHaveLength(0);
      expect(governor.asked).toHaveLength(0);
      expect(ledger.moves).toMatchObject([
        { to: { state: 'THROTTLED', attempt: 2 }, park: { delayMs: Infinity, ...held } },
      ]);
      expect(newestOutcome(ledger)).toMatchObject({ status: 'waiting', waiting: held, attempts: 2 });
      expect(newestOutcome(ledger)['waiting']).not.toHaveProperty('until');
    },
  );

  it('is held before its next attempt when the switch comes between two attempts', async () => {
    const { ledger, provider, switches, run } = stage([{ evidence: silence }]);
    ledger.onMove = ({ to }) => {
      if (to.state === 'RETRY_WAIT') switches.put(on);
      return true;
    };
    await run.sent(owned('DISPATCHING'), prepared(keyed), request, aPermit);
    expect(provider.sent).toHaveLength(1);
    expect(path(ledger)).toEqual(['RETRY_WAIT', 'THROTTLED']);
    expect(ledger.moves[1]).toMatchObject({ to: { attempt: 1 }, park: held });
  });

  it('withdraws an intent whose request has not left when it needs another permit', async () => {
    const { ledger, provider, switches, clock, run } = stage([]);
    switches.put(on);
    const stale = { ...aPermit, goodUntilMs: clock.monotonicMs() - 1 };
    await run.sent(owned('DISPATCHING'), prepared(opaque), request, stale);
    expect(provider.sent).toHaveLength(0);
    expect(ledger.moves).toMatchObject([{ to: { state: 'THROTTLED', attempt: 0 }, park: held }]);
  });

  it('that a dead executor was sending is judged first, and then held (I2)', async () => {
    const safe = stage([]);
    safe.switches.put(on);
    await safe.run.resumed(owned('DISPATCHING'), prepared(keyed), request);
    expect(path(safe.ledger)).toEqual(['RETRY_WAIT', 'THROTTLED']);
    const unsafe = stage([]);
    unsafe.switches.put(on);
    await unsafe.run.resumed(owned('DISPATCHING'), prepared(opaque), request);
    expect(path(unsafe.ledger)).toEqual(['NEEDS_REVIEW']);
    expect([...safe.provider.sent, ...unsafe.provider.sent]).toEqual([]);
  });

  it('is not probed: a probe is a request too', async () => {
    const probe = prepared({ class: 'read' });
    const { ledger, provider, switches, run } = stage([], probe);
    switches.put(on);
    const call = owned('INDETERMINATE');
    const deadline = new Date(-1).toISOString();
    await run.resumed(
      { ...call, call: { ...call.call, deadline }, tried: [unanswered] },
      prepared(probeable),
      request,
    );
    expect(provider.sent).toHaveLength(0);
    expect(ledger.moves).toMatchObject([
      { to: { state: 'INDETERMINATE' }, park: { delayMs: Infinity, ...held } },
    ]);
    expect(newestOutcome(ledger)).toMatchObject({ status: 'indeterminate', waiting: held });
  });

  it('is held until its deadline at most, which ends it', async () => {
    const { ledger, provider, switches, clock, run } = stage([]);
    switches.put(on);
    const call = owned('CLAIMED');
    const withDeadline = { ...call, call: { ...call.call, deadline: new Date(60_000).toISOString() } };
    await run.resumed(withDeadline, prepared(opaque), request);
    expect(ledger.moves[0]?.park).toEqual({ delayMs: 60_000, ...held });
    clock.advance(60_000);
    await run.resumed(withDeadline, prepared(opaque), request);
    expect(path(ledger)).toEqual(['THROTTLED', 'FAILED']);
    expect(provider.sent).toHaveLength(0);
  });

  it.each<[string, Parameters<typeof sampleSwitch>[0], string | undefined]>([
    ['of another user', { type: 'user', value: 'other' }, undefined],
    ['of another tenant', { type: 'user', value: 'u' }, 'other'],
  ])('%s runs', async (_what, target, tenantId) => {
    const { ledger, switches, run } = stage([ok]);
    switches.put(sampleSwitch(target, tenantId === undefined ? {} : { tenant_id: tenantId }));
    await run.resumed(owned('CLAIMED'), prepared(opaque), request);
    expect(path(ledger)).toEqual(['DISPATCHING', 'SUCCEEDED']);
  });

  it('runs once the switch is lifted', async () => {
    const { ledger, switches, run } = stage([ok]);
    switches.put(on);
    switches.remove(on.id);
    await run.resumed(owned('THROTTLED'), prepared(opaque), request);
    expect(path(ledger)).toEqual(['DISPATCHING', 'SUCCEEDED']);
  });
});

describe('a call with a connection', () => {
  const unauthorized: Attempted = { evidence: { kind: 'answered', status: 401 }, answer: answerOf() };
  const connected = (answers: Attempted[], leases = new FakeLeases()) => {
    const staged = stage(
      answers,
      undefined,
      fakeCredentials([{ ...servedIntegration, serves: ['p'] }], leases),
    );
    const tool = prepared(opaque);
    const served = {
      ...tool,
      tool: { ...tool.tool, provider: { slug: 'p', base_url: 'https://api.example' } },
    };
    return { ...staged, leases, served };
  };
  const versions = ({ sent }: FakeProvider): unknown[] =>
    sent.map(({ options }) => options.credential?.version);

  it('gets its credential before its permit, and pins its connection (I2)', async () => {
    const { run, ledger, provider, governor, served } = connected([ok]);
    await run.resumed(owned('AWAITING_AUTH'), served, request);
    expect(path(ledger)).toEqual(['DISPATCHING', 'SUCCEEDED']);
    const { connectionId } = ledger.moves[0]?.intent ?? {};
    expect(connectionId).toBeDefined();
    expect(ledger.moves.at(-1)?.outcome).toContain(`"connection_id":"${connectionId}"`);
    expect(governor.asked[0]?.credential).toBe(`t/connection:${connectionId}`);
    expect(JSON.stringify([provider.sent[0]?.request, ledger.moves])).not.toContain('Bearer');
  });

  it('without one waits without a permit and an attempt', async () => {
    const { run, ledger, governor, leases, served } = connected([]);
    leases.answers.push({ refusal: { code: 'needs_reauth', message: 'x', connect_url: 'https://m/c' } });
    await run.resumed(owned('RETRY_WAIT'), served, request);
    expect(path(ledger)).toEqual(['AWAITING_AUTH']);
    expect(ledger.moves[0]).toMatchObject({ to: { attempt: 0 }, park: { reason: 'awaiting_auth' } });
    expect(governor.asked).toEqual([]);
  });

  it('is sent once more with a newer credential after a 401, for every effect class (R5)', async () => {
    const { run, ledger, provider, served } = connected([unauthorized, ok]);
    await run.resumed(owned('RECEIVED'), served, request);
    expect(path(ledger)).toEqual(['DISPATCHING', 'RETRY_WAIT', 'DISPATCHING', 'SUCCEEDED']);
    expect(versions(provider)).toEqual([1, 2]);
  });

  it('fails after a second 401 (R5)', async () => {
    const { run, ledger, provider, served } = connected([unauthorized, unauthorized]);
    await run.resumed(owned('RECEIVED'), served, request);
    expect(path(ledger).at(-1)).toBe('FAILED');
    expect(ledger.moves.at(-1)?.outcome).toContain('"code":"credential_rejected"');
    expect(versions(provider)).toEqual([1, 2]);
  });

  it('waits for its user when the credential cannot be renewed (R5)', async () => {
    const again = connected([unauthorized], new FakeLeases());
    const renew = again.leases.renew.bind(again.leases);
    again.leases.renew = (want, refused) => {
      again.leases.answers.push({ refusal: { code: 'needs_reauth', message: 'x' } });
      return renew(want, refused);
    };
    await again.run.resumed(owned('RECEIVED'), again.served, request);
    expect(path(again.ledger)).toEqual(['DISPATCHING', 'AWAITING_AUTH']);
  });
});

import { sampleTool } from '@action-mesh/testing';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { Tried } from '@action-mesh/contracts/executor';
import { FakeGovernor } from '@action-mesh/governor/testing';
import { KillSwitches } from '@action-mesh/identity';
import { sampleSwitch } from '@action-mesh/identity/testing';
import { childSpan, newId } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';
import { compileBinding } from '@action-mesh/tools';

import { fakeCredentials } from './call-credentials.fake.js';
import type { Call } from '../domain/call.js';
import { AskProvider } from './ask-provider.js';
import { FairShare } from './fair-share.js';
import { FileSlots } from './file-slots.js';
import type { Fetched, StoredResult } from './files.port.js';
import { FakeLedger } from './ledger.fake.js';
import type { Intent, OwnedCall } from './ledger.port.js';
import { LoadRequest } from './load-request.js';
import { answerOf } from './provider.fake.js';
import type { Attempted, Provider } from './provider.port.js';
import { RecordCall } from './record-call.js';
import { fakeGate } from './policy-gate.fake.js';
import { fakeRehearsals } from './rehearse-call.fake.js';
import { ResumeCall } from './resume-call.js';
import { RetryBudget } from './retry-budget.js';
import { RunCall } from './run-call.js';
import { RunUpload } from './run-upload.js';
import { SettleCall } from './settle-call.js';
import { Throttle } from './throttle.js';
import { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

const keyed: Tool['effect'] = { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttl_ms: 3_600_000 };
const earlier = newId();

interface Options {
  readonly effect?: Tool['effect'];
  readonly stored?: ReadonlyMap<string, StoredResult>;
}

function stage(files: Fetched[], { effect = keyed, stored = new Map() }: Options = {}) {
  const ledger = new FakeLedger();
  const clock = new FakeClock(0);
  const governor = new FakeGovernor();
  const tool = sampleTool({
    slug: 'upload',
    version: '1.0.0',
    input: { type: 'object', properties: { photo: {} } },
    http: {
      method: 'POST',
      path: '/photos',
      parameters: [],
      headers: {},
      body: { encoding: 'multipart', files: { photo: 'image/png' } },
    },
    effect,
    retry: { max_attempts: 3, initial_backoff_ms: 100, max_backoff_ms: 1_000 },
  });
  const prepared: PreparedTool = { tool, endpoint: 'POST x', buildRequest: compileBinding(tool) };
  const tools = { of: () => prepared, stable: () => undefined };
  const sent: ProviderRequest[] = [];
  const answers: Attempted[] = [];
  const provider: Provider = {
    send: (request) => {
      sent.push(request);
      const ok: Attempted = { evidence: { kind: 'answered', status: 200 }, answer: answerOf() };
      return Promise.resolve(answers.shift() ?? ok);
    },
  };
  const switches = new KillSwitches();
  const throttle = new Throttle(governor, switches, new ThrottleSpacing(clock), clock);
  const report = {
    fenced: () => undefined,
    broken: (_: string, error: unknown) => {
      throw error;
    },
  };
  const runCall = new RunCall({
    credentials: fakeCredentials(),
    ledger,
    provider,
    askProvider: new AskProvider(tools, provider, clock),
    throttle,
    settleCall: new SettleCall(new RetryBudget(clock), clock),
    clock,
    report,
    random: () => 0,
  });
  const fetched: string[] = [];
  const fetcher = {
    fetch: (url: string) => {
      fetched.push(url);
      return Promise.resolve(files.shift() ?? failed(true));
    },
  };
  const results = {
    find: (owner: { tenantId: string; userId: string }, callId: string) =>
      Promise.resolve(stored.get(`${owner.tenantId}/${owner.userId}/${callId}`)),
  };
  let intended: Intent | undefined;
  const runUpload = new RunUpload({
    credentials: fakeCredentials(),
    ledger,
    records: {
      intended: () => Promise.resolve(intended && { call: owned().call, intent: intended }),
    },
    throttle,
    loadRequest: new LoadRequest(fetcher, results, clock),
    runCall,
    slots: new FileSlots({ total: 1, perTenant: 1 }),
    clock,
    report,
    random: () => 0.5,
  });
  const share = new FairShare({ total: 2, clock });
  const resume = new ResumeCall({
    ledger,
    tools,
    share,
    runCall,
    runUpload,
    rehearseCall: fakeRehearsals({ throttle }),
    policyGate: fakeGate(clock),
    report,
  });
  const record = new RecordCall({
    ledger,
    tools,
    share,
    throttle,
    runCall,
    clock,
    credentials: fakeCredentials(),
    rehearseCall: fakeRehearsals({ throttle }),
    policyGate: fakeGate(clock),
  });

  function owned(overrides: Partial<OwnedCall> & { state?: Call; photo?: unknown } = {}): OwnedCall {
    const { photo = { url: 'https://files.test/a.png' }, ...rest } = overrides;
    return {
      call: {
        call_id: newId(),
        tenant_id: 't',
        user_id: 'u',
        tool: { slug: 'upload', version: '1.0.0' },
        arguments: { photo },
        scope: 'global',
        mode: 'live',
        hash: 'a'.repeat(64),
        content_hash: 'b'.repeat(64),
        accepted_at: new Date(0).toISOString(),
      },
      trace: childSpan(),
      state: { state: 'THROTTLED', fence: 1, attempt: 0, recovered: false, redrives: 0, attemptsBefore: 0 },
      tried: [],
      providerKey: 'the-key',
      receivedAtMs: 0,
      ageMs: 0,
      firstDispatchAgeMs: 0,
      instance: ledger.instance,
      claimId: '1',
      ...rest,
    };
  }

  return {
    ...{ ledger, governor, switches, clock, sent, answers, fetched, owned, record, tool },
    intend: (intent: Intent | undefined) => void (intended = intent),
    resume: (call: OwnedCall) => resume.execute(call, 'in_turn'),
    path: () => ledger.moves.map(({ to }) => to.state),
    told: () =>
      ledger.moves.flatMap(({ outcome }) =>
        outcome === undefined ? [] : [JSON.parse(outcome) as { status: string; error?: object }],
      ),
  };
}

const file = (text: string): Fetched => ({ content: { bytes: Buffer.from(text), contentType: 'image/gif' } });
const failed = (mayPass: boolean): Fetched => ({
  failure: { code: 'file_not_fetched', category: 'network', message: 'its server answered 503' },
  mayPass,
});
const unanswered: Tried = {
  attempt: 1,
  at: new Date(0).toISOString(),
  kind: 'request',
  evidence: 'unanswered',
};
const sentOnce = {
  state: { state: 'RETRY_WAIT', fence: 3, attempt: 1, recovered: false, redrives: 0, attemptsBefore: 0 },
  tried: [unanswered],
} as const;

describe('a call that names a file by URL', () => {
  it('is recorded before the file is fetched, and frees its partition (I7)', async () => {
    const { record, owned, ledger, fetched } = stage([]);
    const { call } = owned();
    expect(await record.execute({ call, trace: childSpan(), origin: 'a/0/1', arrivedAtMs: 0 })).toBe('fresh');
    expect(ledger.recorded).toMatchObject([
      { start: { state: 'THROTTLED', attempt: 0 }, park: { delayMs: 0, reason: 'file' } },
    ]);
    expect(fetched).toEqual([]);
  });

  it('is sent with the loaded bytes, and its intent is of those bytes (U1, I3)', async () => {
    const { resume, owned, sent, ledger, path } = stage([file('GIF89a'), file('other')]);
    await resume(owned());
    expect(path()).toEqual(['DISPATCHING', 'SUCCEEDED']);
    expect(String(sent[0]?.body)).toContain('content-type: image/gif\r\n\r\nGIF89a');
    await resume(owned());
    const [first, , second] = ledger.moves.map(({ intent }) => intent?.digest.toString('hex'));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).not.toBe(first);
  });

  it('is held under a kill switch without loading its files, and ends at its deadline', async () => {
    const { resume, owned, ledger, switches, clock, fetched, sent, path } = stage([file('GIF89a')]);
    switches.put(sampleSwitch({ type: 'tool', value: 'upload' }));
    const call = owned();
    await resume({ ...call, call: { ...call.call, deadline: new Date(60_000).toISOString() } });
    expect(ledger.moves).toMatchObject([
      { to: { state: 'THROTTLED', attempt: 0 }, park: { delayMs: 60_000, reason: 'switched_off' } },
    ]);
    clock.advance(60_000);
    await resume({ ...call, call: { ...call.call, deadline: new Date(60_000).toISOString() } });
    expect(path()).toEqual(['THROTTLED', 'FAILED']);
    expect([fetched, sent]).toEqual([[], []]);
  });

  it('sends nothing while a file may still load, and loads it again within its attempts (U2)', async () => {
    const { resume, owned, sent, told, ledger } = stage([failed(true), failed(true)]);
    await resume(owned());
    expect(ledger.moves[0]).toMatchObject({
      to: { state: 'THROTTLED' },
      park: { delayMs: 50, reason: 'file' },
    });
    await resume(owned({ tried: ledger.moves[0]?.tried ?? [] }));
    expect(ledger.moves[1]).toMatchObject({ park: { delayMs: 100 }, tried: [{ kind: 'file', times: 2 }] });
    await resume(owned({ tried: ledger.moves[1]?.tried ?? [] }));
    expect(told().map(({ status }) => status)).toEqual(['waiting', 'waiting', 'dead']);
    expect(told()[2]?.error).toMatchObject({
      code: 'file_not_fetched',
      message: 'the file of "photo" could not be loaded: its server answered 503',
    });
    expect(sent).toEqual([]);
  });

  it('fails at once when the file cannot load, and answers no later call (U2)', async () => {
    const { resume, owned, sent, told, ledger } = stage([failed(false)]);
    await resume(owned());
    expect(told()).toMatchObject([{ status: 'failed', error: { code: 'file_not_fetched' } }]);
    expect(ledger.moves[0]?.validityMs).toBe(0);
    expect(sent).toEqual([]);
  });

  it('that may have taken effect is sent again only with the same bytes (U3)', async () => {
    const { resume, owned, sent, told, intend, ledger } = stage([file('one'), file('one'), file('two')]);
    await resume(owned());
    const intent = ledger.moves[0]?.intent;
    intend(intent);
    await resume(owned(sentOnce));
    expect(sent[1]).toMatchObject({ body: sent[0]?.body, headers: { 'idempotency-key': 'the-key' } });
    await resume(owned(sentOnce));
    expect(sent).toHaveLength(2);
    expect(told().at(-1)).toMatchObject({
      status: 'needs_review',
      error: { code: 'effect_unknown', message: expect.stringContaining('has other bytes') as string },
    });
  });

  it('that may have taken effect needs a person when its file is gone (U3)', async () => {
    const { resume, owned, sent, told } = stage([failed(false)]);
    await resume(owned(sentOnce));
    expect(told()).toMatchObject([{ status: 'needs_review' }]);
    expect(sent).toEqual([]);
  });

  it('with other bytes is sent when nothing can have happened: after a refusal, or as a read (U3)', async () => {
    const refused: Tried = { ...unanswered, evidence: 'answered', status_code: 429, refused: true };
    const first = stage([file('two')]);
    await first.resume(first.owned({ ...sentOnce, tried: [refused] }));
    expect(first.path()).toEqual(['DISPATCHING', 'SUCCEEDED']);
    const second = stage([file('two')], { effect: { class: 'read' } });
    await second.resume(second.owned(sentOnce));
    expect(second.path()).toEqual(['DISPATCHING', 'SUCCEEDED']);
  });

  it('of a dead executor waits until its file is loaded again', async () => {
    const { resume, owned, ledger, sent, fetched } = stage([]);
    const state = { ...sentOnce.state, state: 'DISPATCHING' } as const;
    await resume(owned({ state }));
    expect(ledger.moves.map(({ to, park }) => [to.state, park?.reason])).toEqual([
      ['RETRY_WAIT', undefined],
      ['THROTTLED', 'file'],
    ]);
    expect([sent, fetched]).toEqual([[], []]);
  });

  it('is repeated in memory with its loaded bytes', async () => {
    const { resume, owned, sent, answers, fetched } = stage([file('one')]);
    answers.push({ evidence: { kind: 'unanswered', message: 'no answer' } });
    await resume(owned());
    expect(sent).toHaveLength(2);
    expect(sent[1]?.body).toEqual(sent[0]?.body);
    expect(fetched).toHaveLength(1);
  });

  it('loads nothing while a limit holds it back', async () => {
    const { resume, owned, governor, fetched, ledger } = stage([]);
    const denial = { allowed: false, reason: 'rate_limited', scope: 'tool:upload', untilMs: 5_000 } as const;
    governor.denyNext({ ...denial, circuit: 'closed' });
    await resume(owned());
    expect(ledger.moves).toMatchObject([{ to: { state: 'THROTTLED' }, park: { reason: 'rate_limited' } }]);
    expect([fetched, governor.open]).toEqual([[], 0]);
  });

  it('with more bytes than the bound of a call fails, and frees its slot (U4, I12)', async () => {
    const half: Fetched = { content: { bytes: Buffer.alloc(6_000_000) } };
    const { resume, owned, told, path } = stage([half, half, file('x')]);
    const url = 'https://files.test/a.png';
    await resume(owned({ photo: [{ url }, { url }] }));
    expect(told()).toMatchObject([{ status: 'failed', error: { code: 'file_too_large' } }]);
    await resume(owned());
    expect(path().at(-1)).toBe('SUCCEEDED');
  });

  it('ends with its deadline', async () => {
    const { resume, owned, told, fetched } = stage([]);
    const late = owned();
    await resume({ ...late, call: { ...late.call, deadline: new Date(0).toISOString() } });
    expect(told()).toMatchObject([{ status: 'failed', error: { code: 'deadline_exceeded' } }]);
    expect(fetched).toEqual([]);
  });
});

describe('a call that names a part of an earlier result', () => {
  const photo = { result: { call_id: earlier, pointer: '/text' } };
  const succeeded: StoredResult = { state: 'SUCCEEDED', outcome: '{"result":{"text":"hello"}}' };

  it('is sent with it', async () => {
    const { resume, owned, sent } = stage([], { stored: new Map([[`t/u/${earlier}`, succeeded]]) });
    await resume(owned({ photo }));
    expect(String(sent[0]?.body)).toContain('content-type: image/png\r\n\r\nhello');
  });

  it.each([
    ['of another tenant', `other/u/${earlier}`, succeeded, 'failed', 'file_call_not_found'],
    ['of another user', `t/other/${earlier}`, succeeded, 'failed', 'file_call_not_found'],
    ['that failed', `t/u/${earlier}`, { state: 'FAILED' }, 'failed', 'file_call_not_succeeded'],
    ['that is dead', `t/u/${earlier}`, { state: 'DEAD' }, 'failed', 'file_call_not_succeeded'],
    ['that has not ended', `t/u/${earlier}`, { state: 'DISPATCHING' }, 'waiting', 'file_call_not_ended'],
    ['without that part', `t/u/${earlier}`, { state: 'SUCCEEDED' }, 'failed', 'file_not_in_result'],
  ] as const)('is not sent with a call %s', async (_, key, result, status, code) => {
    const { resume, owned, sent, told } = stage([], { stored: new Map([[key, result]]) });
    await resume(owned({ photo }));
    expect(told()).toMatchObject([{ status, error: { code } }]);
    expect(sent).toEqual([]);
  });
});

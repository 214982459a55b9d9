import { setImmediate as nextTurn } from 'node:timers/promises';

import { jest } from '@jest/globals';
import { declareTool, flow, ToolCallFailed, trigger, type FlowRun } from '@action-mesh/flow-api';

import type { ClaimedRun, RecordedStep, RunProblem } from '../domain/flow-run.js';
import { FlowsUnavailableError } from '../domain/flows.errors.js';
import { executeFlow } from './execute-flow.js';
import { RunExecution } from './run-execution.js';
import { FakeSessionHost } from './session-host.fake.js';
import type { SessionEnd } from './session-host.port.js';

const enrich = declareTool<{ email: string }, { score: number }>({
  slug: 'enrich',
  version: '1.0.0',
  effect: 'read',
});
const update = declareTool<{ n: number }>({ slug: 'update', version: '1.0.0', effect: 'keyed' });

type Code = (run: FlowRun) => Promise<unknown>;

let host: FakeSessionHost;
let executions: RunExecution[];

beforeEach(() => {
  host = new FakeSessionHost();
  executions = [];
});

afterEach(() => {
  for (const execution of executions) execution.drop();
});

function begin(code: Code, steps: readonly RecordedStep[] = [], failure?: RunProblem): RunExecution {
  const run: ClaimedRun = {
    tenantId: 'acme',
    id: 'run_1',
    flow: 'leads',
    version: 1,
    digest: 'd',
    userId: 'ada',
    input: {},
    traceparent: undefined,
    startedAtMs: 5,
    epoch: 1,
    signals: 0,
    failure,
    steps,
  };
  const definition = flow({ id: 'leads', version: 1, on: trigger.manual(), user: 'ada' }, code as never);
  const execution = new RunExecution(run, host);
  executions.push(execution);
  execution.start(() => executeFlow(execution, { flow: definition, config: {} }));
  return execution;
}

/** Lets the code run until it waits for the next call, and answers that call. */
async function answer(execution: RunExecution, value: unknown): Promise<void> {
  const seen = host.calls.filter(({ callId }) => !answered.has(callId));
  const [call] = seen.length > 0 ? seen : await nextCall();
  if (call === undefined) throw new Error('the code made no call');
  answered.add(call.callId);
  execution.takeAnswer(call.callId, { ok: true, text: JSON.stringify(value) });
}
const answered = new Set<string>();
beforeEach(() => answered.clear());

async function nextCall() {
  for (let turn = 0; turn < 20; turn += 1) {
    await nextTurn();
    const open = host.calls.filter(({ callId }) => !answered.has(callId));
    if (open.length > 0) return open;
  }
  return [];
}

async function fail(execution: RunExecution, error: 'failed' | 'unknown' = 'failed'): Promise<void> {
  const [call] = await nextCall();
  if (call === undefined) throw new Error('the code made no call');
  answered.add(call.callId);
  execution.takeAnswer(call.callId, {
    ok: false,
    error,
    code: 'provider_refused',
    message: 'the provider refused',
  });
}

/** The end of an execution that leaves memory now and not after its idle time. */
async function suspended(execution: RunExecution): Promise<SessionEnd> {
  await nextTurn();
  host.atMs += 60_000;
  jest.advanceTimersByTime(60_000);
  return execution.ended;
}

describe('a flow', () => {
  it('runs from the top, with each answer in turn', async () => {
    const execution = begin(async (run) => {
      const { score } = await run.call('enrich', enrich, { email: 'a@b.example' });
      return run.call('update', update, { n: score + 1 });
    });
    await answer(execution, { score: 4 });
    await answer(execution, { done: true });
    expect(await execution.ended).toEqual({ kind: 'succeeded', result: { done: true } });
    expect(host.calls).toMatchObject([
      { path: 'enrich', tool: 'enrich', version: '1.0.0', arguments: { email: 'a@b.example' }, ordinal: 1 },
      { path: 'update', arguments: { n: 5 }, ordinal: 2 },
    ]);
  });

  it('repeats no step that has an answer', async () => {
    const code: Code = async (run) => {
      await run.call('one', update, { n: 1 });
      return run.call('two', update, { n: 2 });
    };
    const first = begin(code);
    await answer(first, 1);
    await nextCall();
    first.drop();
    const second = begin(code, first.journal.steps);
    await nextCall();
    expect(host.calls.map(({ path }) => path)).toEqual(['one', 'two', 'two']);
    second.drop();
  });

  it('ends early with a reason', async () => {
    const execution = begin((run) => Promise.resolve(run.end('score below 50')));
    expect(await execution.ended).toEqual({ kind: 'succeeded', result: { ended: 'score below 50' } });
  });

  it('records values before its code sees them (RX3)', async () => {
    const execution = begin(async (run) => [await run.uuid('id'), await run.value('v', () => 7)]);
    expect(await execution.ended).toEqual({ kind: 'succeeded', result: ['id-1', 7] });
    expect(host.kept.map(([step]) => step?.answer)).toEqual([
      { ok: true, text: '"id-1"' },
      { ok: true, text: '7' },
    ]);
  });

  it('does nothing more after another instance has the run (RX1)', async () => {
    host.isOwner = false;
    const execution = begin(async (run) => {
      await run.value('v', () => 7);
      return run.call('update', update, { n: 1 });
    });
    expect(await execution.ended).toEqual({ kind: 'lost' });
    expect(await nextCall()).toEqual([]);
  });

  it('takes an answer that came before its step waited', async () => {
    const submit = host.submit.bind(host);
    host.submit = async (run, call, onId) => {
      const callId = await submit(run, call, onId);
      execution.takeAnswer(callId, { ok: true, text: '1' });
      return callId;
    };
    const execution: RunExecution = begin((run) => run.call('update', update, { n: 1 }));
    expect(await execution.ended).toEqual({ kind: 'succeeded', result: 1 });
  });

  it('keeps answers that come after it left memory', async () => {
    const execution = begin((run) => run.call('update', update, { n: 1 }));
    await nextCall();
    execution.drop();
    execution.takeAnswer('call-1', { ok: true, text: '1' });
    expect(execution.takeLateAnswers()).toEqual([{ callId: 'call-1', answer: { ok: true, text: '1' } }]);
  });
});

describe('the code of a flow that differs from its record', () => {
  const recorded: readonly RecordedStep[] = [
    {
      path: 'one',
      scope: '',
      kind: 'call',
      about: '{"arguments":{"n":1},"tool":"update","version":"1.0.0"}',
      ordinal: 1,
      answer: { ok: true },
      answered: 1,
    },
  ];

  it('stops at another argument, and sends nothing (RX2, FJ1)', async () => {
    const execution = begin((run) => run.call('one', update, { n: 2 }), recorded);
    const end = await execution.ended;
    expect(end).toMatchObject({
      kind: 'diverged',
      problem: {
        step: 'one',
        difference: {
          recorded: expect.stringContaining('"n":1') as string,
          now: expect.stringContaining('"n":2') as string,
        },
      },
    });
    expect(host.calls).toEqual([]);
  });

  it.each<[string, Code]>([
    ['asks for a new step instead', (run) => run.call('other', update, { n: 1 })],
    ['ends before a recorded step', () => Promise.resolve()],
  ])('stops when it %s (FJ2)', async (_what, code) => {
    expect(await begin(code, recorded).ended).toMatchObject({ kind: 'diverged', problem: { step: 'one' } });
    expect(host.calls).toEqual([]);
  });

  it('stops when the ledger knows another call under the step', async () => {
    const execution = begin((run) => run.call('one', update, { n: 2 }));
    await nextCall();
    answered.add('call-1');
    execution.takeAnswer('call-1', 'conflict');
    expect(await execution.ended).toMatchObject({ kind: 'diverged', problem: { step: 'one' } });
    // Mended code may ask for the first content again, and only the ledger knows it.
    const mended = begin((run) => run.call('one', update, { n: 1 }), execution.journal.steps);
    await answer(mended, 'done');
    expect(await mended.ended).toEqual({ kind: 'succeeded', result: 'done' });
  });

  it('may make the items of a list in another order', async () => {
    const code =
      (keys: readonly string[]): Code =>
      (run) =>
        run.each(
          'items',
          keys,
          (key) => key,
          (key) => run.call('update', update, { n: Number(key) }),
          { parallel: 9 },
        );
    const first = begin(code(['1', '2']));
    await answer(first, 'a');
    await answer(first, 'b');
    await first.ended;
    expect(host.calls.map(({ path }) => path)).toEqual(['items[1]/update', 'items[2]/update']);
    expect(await begin(code(['2', '1']), first.journal.steps).ended).toEqual({
      kind: 'succeeded',
      result: ['b', 'a'],
    });
  });
});

describe('a fault of the code', () => {
  it.each<[string, Code, string]>([
    ['throws', () => Promise.reject(new TypeError('x is undefined')), 'FLOWS_CODE_FAILED'],
    ['awaits something that is no step', () => new Promise(() => undefined), 'FLOWS_AWAITS_NO_STEP'],
    [
      'uses a name twice',
      async (run) => [await run.value('a', () => 1), await run.value('a', () => 2)],
      'FLOWS_WRONG_CODE',
    ],
    ['uses a wrong name', (run) => run.value('a/b', () => 1), 'FLOWS_WRONG_CODE'],
    [
      'has two items with one key',
      (run) =>
        run.each(
          'i',
          [1, 2],
          () => 'k',
          () => Promise.resolve(),
        ),
      'FLOW_DEFINITION',
    ],
    ['sleeps until a time that is none', (run) => run.sleep('s', new Date(Number.NaN)), 'FLOWS_CODE_FAILED'],
    ['sleeps for longer than there are dates', (run) => run.sleep('s', { days: 1e12 }), 'FLOW_VALUE'],
    [
      'has answers of more than a million characters',
      (run) => run.value('v', () => 'x'.repeat(1_100_000)),
      'FLOWS_TOO_LARGE',
    ],
    ['waits for an event', (run) => run.waitFor('w', trigger.webhook('x'), {}), 'FLOWS_UNSUPPORTED_STEP'],
  ])('blocks the run and undoes nothing: it %s', async (_what, code, expected) => {
    const end = await begin(code).ended;
    expect(end).toMatchObject({ kind: 'blocked', problem: { code: expected } });
  });

  it('blocks the run when the mesh refuses a call', async () => {
    host.refuses = 'the step update: the tool is unknown';
    const execution = begin((run) => run.call('update', update, { n: 1 }));
    expect(await execution.ended).toMatchObject({ kind: 'blocked', problem: { code: 'FLOWS_STEP_REFUSED' } });
  });
});

describe('a failed step', () => {
  it('can be caught by the code', async () => {
    const execution = begin(async (run) => {
      try {
        await run.call('update', update, { n: 1 });
      } catch (error) {
        if (error instanceof ToolCallFailed) return error.step;
        throw error;
      }
      return undefined;
    });
    await fail(execution);
    expect(await execution.ended).toEqual({ kind: 'succeeded', result: 'update' });
  });

  it('starts the undo, in the reverse order of the answers (UN2)', async () => {
    const code: Code = async (run) => {
      await run.call('one', update, { n: 1 }, { undo: true });
      await run.call('two', update, { n: 2 }, { undo: ({ n }) => ({ n: -n }) });
      await run.call('three', update, { n: 3 });
    };
    const first = begin(code);
    await answer(first, 1);
    await answer(first, 2);
    await fail(first);
    const end = await first.ended;
    expect(end).toMatchObject({
      kind: 'suspended',
      failure: { code: 'FLOW_TOOL_CALL_FAILED', step: 'three' },
    });
    const failure = end.kind === 'suspended' ? end.failure : undefined;
    const second = begin(code, first.journal.steps, failure);
    await answer(second, 1);
    await answer(second, 1);
    expect(await second.ended).toMatchObject({ kind: 'undone', problem: { step: 'three' } });
    const undone = host.calls.slice(3);
    expect(undone).toMatchObject([
      { path: '~undo/two', tool: 'update', arguments: { n: -2 } },
      { path: '~undo/one', tool: 'undo_update', compensates: 'call-1' },
    ]);
    expect(undone[0]).not.toHaveProperty('compensates');
  });

  it('settles what is open before it undoes anything (UN1)', async () => {
    const open: RecordedStep = {
      path: 'a/open',
      scope: 'a',
      kind: 'call',
      about: '{"arguments":{"n":1},"tool":"update"}',
      ordinal: 1,
      undo: { kind: 'declared' },
      callId: 'old',
    };
    const execution = begin(() => Promise.resolve(), [open], { code: 'X', message: 'x' });
    const [call] = await nextCall();
    expect(call).toMatchObject({ path: 'a/open', tool: 'update' });
    await answer(execution, 1);
    expect((await nextCall())[0]).toMatchObject({ path: '~undo/a/open' });
    await answer(execution, 1);
    expect(await execution.ended).toMatchObject({ kind: 'undone' });
  });

  it.each<[string, Partial<RecordedStep>]>([
    ['has an unknown effect', { answer: { ok: false, error: 'unknown', code: 'x', message: 'x' } }],
    [
      'cannot be undone',
      { answer: { ok: true }, undo: { kind: 'declared' }, about: '{"arguments":{},"tool":"send_mail"}' },
    ],
  ])('lists an effect that %s (UN3)', async (_what, more) => {
    const step: RecordedStep = {
      path: 'mail',
      scope: '',
      kind: 'call',
      about: '{"arguments":{},"tool":"update"}',
      ordinal: 1,
      answered: 1,
      ...more,
    };
    const execution = begin(() => Promise.resolve(), [step], { code: 'X', message: 'x' });
    expect(await execution.ended).toEqual({
      kind: 'needs_review',
      problem: { code: 'X', message: 'x', stands: ['mail'] },
    });
  });
});

describe('an outage', () => {
  it('ends the execution for a while and blocks nothing', async () => {
    host.outage = new FlowsUnavailableError('Kafka does not answer');
    const execution = begin((run) => run.call('update', update, { n: 1 }));
    expect(await execution.ended).toEqual({ kind: 'suspended', wakeAtMs: host.atMs + 5_000 });
  });
});

describe('a failed run', () => {
  const failure = { code: 'FLOWS_CANCELLED', message: 'x' };
  const step: RecordedStep = {
    path: 'one',
    scope: '',
    kind: 'call',
    about: '{"arguments":{},"tool":"update"}',
    ordinal: 1,
  };

  it('sends nothing that was never sent, and needs no code', async () => {
    const execution = begin(() => Promise.reject(new Error('x')), [step], failure);
    expect(await execution.ended).toEqual({ kind: 'undone', problem: failure });
    expect(host.calls).toEqual([]);
  });

  it('lists a sent call that the mesh refuses now, and undoes the others', async () => {
    host.refuses = 'the tool is unknown';
    const sent = { ...step, callId: 'c1' };
    const end = await begin(() => Promise.resolve(), [sent], failure).ended;
    expect(end).toEqual({ kind: 'needs_review', problem: { ...failure, stands: ['one'] } });
  });

  it('lets open children fail, and lists those that succeeded', async () => {
    const child = { ...step, kind: 'flow' as const, answer: { ok: true as const }, answered: 1 };
    const open: RecordedStep = { ...step, path: 'two', kind: 'flow', ordinal: 2 };
    const execution = begin(() => Promise.resolve(), [child, open], failure);
    expect(await execution.ended).toMatchObject({ kind: 'suspended', failure });
    expect(host.failedChildren).toBe(1);
    const answered: RecordedStep = {
      ...open,
      answer: { ok: false, error: 'failed', code: 'x', message: 'x' },
      answered: 2,
    };
    expect(await begin(() => Promise.resolve(), [child, answered], failure).ended).toEqual({
      kind: 'needs_review',
      problem: { ...failure, stands: ['one'] },
    });
  });

  it('has steps with an undo on record before their calls leave', async () => {
    begin((run) => run.call('one', update, { n: 1 }, { undo: true }));
    await nextCall();
    expect(host.kept).toMatchObject([[{ path: 'one', undo: { kind: 'declared' } }]]);
  });
});

describe('a wait', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('of long leaves memory at once, until its time', async () => {
    const code: Code = (run) => run.sleep('rest', { days: 3 });
    const execution = begin(code);
    const wakeAtMs = host.atMs + 3 * 86_400_000;
    expect(await execution.ended).toEqual({ kind: 'suspended', wakeAtMs });
    host.atMs = wakeAtMs;
    expect(await begin(code, execution.journal.steps).ended).toEqual({ kind: 'succeeded' });
  });

  it('keeps its time in a replay that comes earlier', async () => {
    const code: Code = (run) => run.sleep('rest', { days: 3 });
    const first = await begin(code).ended;
    const execution = begin(code, [
      {
        path: 'rest',
        scope: '',
        kind: 'sleep',
        about: '{"days":3}',
        ordinal: 1,
        dueAtMs: host.atMs + 100_000,
      },
    ]);
    expect(first).toMatchObject({ kind: 'suspended' });
    expect(await execution.ended).toEqual({ kind: 'suspended', wakeAtMs: host.atMs + 100_000 });
  });

  it('for a call leaves memory when nothing moves', async () => {
    const execution = begin((run) => run.call('update', update, { n: 1 }));
    await nextCall();
    expect(await suspended(execution)).toEqual({ kind: 'suspended', wakeAtMs: host.atMs + 600_000 });
    expect(execution.journal.changes).toMatchObject([{ path: 'update', callId: 'call-1' }]);
  });

  it('for a person is on record before it begins, and ends with an answer or at its time', async () => {
    const code: Code = (run) =>
      run.ask('ok', { to: 'ada', question: 'Send it?', choices: ['yes', 'no'], timeout: { days: 1 } });
    const execution = begin(code);
    expect(await execution.ended).toEqual({ kind: 'suspended', wakeAtMs: host.atMs + 86_400_000 });
    expect(host.kept).toMatchObject([[{ path: 'ok', kind: 'ask' }]]);
    const [step] = execution.journal.steps;
    if (step === undefined) throw new Error('no step');
    const answeredStep: RecordedStep = { ...step, answer: { ok: true, text: '"yes"' } };
    expect(await begin(code, [answeredStep]).ended).toEqual({ kind: 'succeeded', result: 'yes' });
    host.atMs += 86_400_000;
    host.isAnswered = true;
    expect(await begin(code, [step]).ended).toEqual({ kind: 'suspended', wakeAtMs: host.atMs });
    host.isAnswered = false;
    expect(await begin(code, [step]).ended).toMatchObject({
      kind: 'suspended',
      failure: { code: 'FLOW_TIMED_OUT', step: 'ok' },
    });
  });

  it('for a child starts it after the step is on record', async () => {
    const child = flow({ id: 'child', version: 1, on: trigger.manual(), user: 'ada' }, () =>
      Promise.resolve(undefined),
    );
    const execution = begin((run) => run.flow('child', child, { n: 1 }));
    expect(await execution.ended).toEqual({ kind: 'suspended', wakeAtMs: Infinity });
    expect(host.kept).toMatchObject([[{ path: 'child', kind: 'flow' }]]);
    expect(host.children).toEqual(['child']);
  });
});

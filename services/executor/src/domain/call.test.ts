import { callStateSchema } from '@action-mesh/contracts/executor';
import fc from 'fast-check';

import { activeStates, terminalStates, transition, transitions, type Call, type Command } from './call.js';

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { type: 'receive' },
    { type: 'claim' },
    { type: 'dispatch' },
    { type: 'withdraw' },
    { type: 'loseTrack' },
    { type: 'retry' },
    { type: 'throttle' },
    { type: 'awaitAuth' },
    { type: 'awaitApproval' },
    { type: 'probe' },
    { type: 'askPerson' },
    { type: 'die' },
    { type: 'redrive' },
    { type: 'attest' },
    { type: 'giveUp' },
    { type: 'cancel' },
    { type: 'rehearse' },
    { type: 'takeOver' },
    { type: 'wake' },
    { type: 'reschedule' },
  ),
  fc.record({
    type: fc.constantFrom('succeed' as const, 'fail' as const),
    attempt: fc.integer({ min: 0, max: 4 }),
  }),
);

/** Every step of a walk through the machine: the call before and after each possible command. */
function walk(commands: readonly Command[]): { before: Call | undefined; command: Command; after: Call }[] {
  let call: Call | undefined;
  const steps: { before: Call | undefined; command: Command; after: Call }[] = [];
  for (const step of commands) {
    const next = transition(call, step);
    if (!next.ok) continue;
    steps.push({ before: call, command: step, after: next.call });
    call = next.call;
  }
  return steps;
}

describe('in every order of commands', () => {
  const everyOrder = (check: (steps: ReturnType<typeof walk>) => void): void => {
    const orders = fc.array(command, { maxLength: 40 });
    fc.assert(
      fc.property(orders, (commands) => check(walk(commands))),
      { numRuns: 5_000 },
    );
  };

  it('the fence grows with every claim, take-over and waking and never shrinks (I5)', () => {
    everyOrder((steps) => {
      for (const {
        before,
        command: { type },
        after,
      } of steps) {
        if (before === undefined) continue;
        const raises = ['claim', 'takeOver', 'wake'].includes(type) ? 1 : 0;
        expect(after.fence).toBe(before.fence + raises);
      }
    });
  });

  it('an attempt begins with a dispatch and counts unless it is withdrawn while it is under way (I3)', () => {
    everyOrder((steps) => {
      for (const {
        before,
        command: { type },
        after,
      } of steps) {
        if (type === 'withdraw') expect([before?.state, after.state]).toEqual(['DISPATCHING', 'CLAIMED']);
        const adds = type === 'dispatch' ? 1 : type === 'withdraw' ? -1 : 0;
        expect(after.attempt).toBe((before?.attempt ?? 0) + adds);
        expect(after.attempt).toBeGreaterThanOrEqual(after.attemptsBefore);
      }
    });
  });

  it('a call is dispatched only from a claim, and each dispatch is a new attempt (I3)', () => {
    everyOrder((steps) => {
      for (const { before, after } of steps) {
        if (after.state !== 'DISPATCHING' || before?.state === 'DISPATCHING') continue;
        expect(before?.state).toBe('CLAIMED');
        expect(after.attempt).toBe((before?.attempt ?? 0) + 1);
      }
    });
  });

  it('it ends at most once (I4)', () => {
    everyOrder((steps) => {
      const ends = steps.filter(({ after }) => terminalStates.includes(after.state));
      expect(ends.length).toBeLessThanOrEqual(1);
      if (ends.length === 1) expect(steps.at(-1)).toBe(ends[0]);
    });
  });

  it('a rehearsed call has no attempt (C6)', () => {
    everyOrder((steps) => {
      const last = steps.at(-1)?.after;
      if (last?.state === 'REHEARSED') expect(last.attempt).toBe(0);
    });
  });

  it('after the track was lost no request leaves without an explicit retry or a person’s verdict (I2)', () => {
    everyOrder((steps) => {
      let lost = false;
      for (const {
        command: { type },
        after,
      } of steps) {
        if (type === 'loseTrack') lost = true;
        if (type === 'retry' || type === 'redrive') lost = false;
        if (lost) expect(after.state).not.toBe('DISPATCHING');
      }
    });
  });

  it('only a person, or evidence about its newest attempt, moves a call that needs a person', () => {
    everyOrder((steps) => {
      for (const {
        before,
        command: { type, ...evidence },
        after,
      } of steps) {
        if (before?.state !== 'NEEDS_REVIEW') continue;
        if (type === 'redrive') expect(after.state).toBe('RECEIVED');
        else expect(['SUCCEEDED', 'FAILED']).toContain(after.state);
        if (type === 'succeed' || type === 'fail') expect(evidence).toEqual({ attempt: before.attempt });
        else expect(['redrive', 'attest', 'giveUp']).toContain(type);
      }
    });
  });

  it('only a person moves a dead call, and its attempts count from one after a redrive (I9)', () => {
    everyOrder((steps) => {
      for (const {
        before,
        command: { type },
        after,
      } of steps) {
        if (before?.state === 'DEAD') expect(['redrive', 'attest', 'giveUp']).toContain(type);
        if (type === 'redrive')
          expect(after).toMatchObject({
            attemptsBefore: after.attempt,
            redrives: (before?.redrives ?? 0) + 1,
          });
        else if (before !== undefined)
          expect(after).toMatchObject({ attemptsBefore: before.attemptsBefore, redrives: before.redrives });
      }
    });
  });
});

describe('transitions', () => {
  it('apply in order', () => {
    expect(transitions(undefined, { type: 'receive' }, { type: 'claim' }, { type: 'dispatch' })).toEqual({
      ok: true,
      call: { state: 'DISPATCHING', fence: 1, attempt: 1, recovered: false, redrives: 0, attemptsBefore: 0 },
      events: ['received', 'claimed', 'intended'],
    });
  });

  it('are refused as a whole, with the reason, when one of them is refused', () => {
    expect(transitions(undefined, { type: 'receive' }, { type: 'dispatch' })).toEqual({
      ok: false,
      reason: 'dispatch is not possible in RECEIVED',
    });
  });
});

it('every state is reachable', () => {
  const all: Command[] = [
    ...(
      [
        'claim',
        'dispatch',
        'loseTrack',
        'retry',
        'throttle',
        'awaitAuth',
        'awaitApproval',
        'askPerson',
        'die',
        'cancel',
        'rehearse',
      ] as const
    ).map((type) => ({
      type,
    })),
    { type: 'succeed', attempt: 1 },
    { type: 'fail', attempt: 1 },
  ];
  const reached = new Map<string, Call>();
  const explore = (call: Call): void => {
    if (call.attempt > 1 || reached.has(call.state)) return;
    reached.set(call.state, call);
    for (const next of all.map((each) => transition(call, each))) if (next.ok) explore(next.call);
  };
  const received = transition(undefined, { type: 'receive' });
  if (received.ok) explore(received.call);
  expect([...reached.keys()].toSorted()).toEqual([...callStateSchema.options].toSorted());
});

it('a take-over takes exactly the calls with work left for their instance', () => {
  const taken = callStateSchema.options.filter(
    (state) =>
      transition(
        { state, fence: 1, attempt: 1, recovered: false, redrives: 0, attemptsBefore: 0 },
        { type: 'takeOver' },
      ).ok,
  );
  expect(taken.toSorted()).toEqual([...activeStates].toSorted());
});

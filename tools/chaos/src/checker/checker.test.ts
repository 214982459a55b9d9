import { check } from './checker.js';
import type { ChaosEvidence, LedgerCall, PublishedOutcome } from './evidence.js';

function outcomeOf(callId: string, changes: object = {}): PublishedOutcome {
  const fields = {
    call_id: callId,
    replayed: false,
    seq: 1,
    status: 'succeeded' as const,
    result: 1,
    ...changes,
  };
  return { callId, seq: fields.seq, status: fields.status, text: JSON.stringify(fields) };
}

const callA: LedgerCall = {
  callId: 'a',
  state: 'SUCCEEDED',
  attempt: 2,
  fence: 3,
  seq: 1,
  hasIntent: true,
  outcome: '{}',
};
const callB: LedgerCall = { ...callA, callId: 'b', state: 'NEEDS_REVIEW', attempt: 1 };

/** A run without faults: `a` with its duplicate `a2` was refused once, and `b` was left to a person. */
const good: ChaosEvidence = {
  submitted: [
    { callId: 'a', ref: 'ra', effect: 'keyed', accepted: 'yes', retryAfterMs: 1_000 },
    { callId: 'a2', ref: 'ra', effect: 'keyed', accepted: 'yes', retryAfterMs: 1_000 },
    { callId: 'b', ref: 'rb', effect: 'opaque', accepted: 'yes' },
    { callId: 'c', ref: 'rc', effect: 'opaque', accepted: 'maybe' },
  ],
  calls: [callA, callB],
  submissions: [
    { callId: 'a', originalId: null },
    { callId: 'a2', originalId: 'a' },
    { callId: 'b', originalId: null },
  ],
  outcomes: [
    outcomeOf('a'),
    outcomeOf('a'),
    outcomeOf('a2', { duplicate_of: 'a', replayed: true }),
    outcomeOf('b', { status: 'needs_review' }),
  ],
  deadLetters: [{ callId: 'b', what: 'needs_review' }],
  requests: [
    { ref: 'ra', atMs: 0, isEffect: false },
    { ref: 'ra', atMs: 1_000, isEffect: true },
    { ref: 'rb', atMs: 5, isEffect: true },
  ],
  watched: {
    fenceSamples: 10,
    fenceDrops: [],
    offsetSamples: 10,
    uncovered: [],
    rssMb: 200,
    openFiles: 100,
    resourceSamples: 10,
  },
  leftovers: { outboxRows: 0, waitingRows: 0, deadCallIds: ['b'] },
  rate: { limit: 2, burst: 1, windowMs: 1_000, startedAtMs: 0, requestsAtMs: [0, 10, 20, 1_000] },
  fairness: { calmMs: [300, 310], floodedMs: [500, 600] },
};

function broken(evidence: ChaosEvidence): string[] {
  return check(evidence)
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ invariant }) => invariant);
}

describe('the checker', () => {
  it('finds no fault in a good run, and has checked everything', () => {
    expect(check(good).map(({ invariant, verdict }) => [invariant, verdict])).toEqual(
      Array.from({ length: 12 }, (_, index) => [`I${index + 1}`, 'held']),
    );
  });

  it('reports an invariant that was not exercised, instead of calling it held', () => {
    const { rate: _rate, fairness: _fairness, ...rest } = good;
    const verdicts = new Map(check(rest).map(({ invariant, verdict }) => [invariant, verdict]));
    expect(verdicts.get('I10')).toBe('not_exercised');
    expect(verdicts.get('I11')).toBe('not_exercised');
  });

  const { watched, leftovers } = good;
  it.each<[string, string, Partial<ChaosEvidence>]>([
    ['I1', 'a submission that the ledger does not know', { submissions: good.submissions.slice(0, 2) }],
    [
      'I1',
      'a submission that was never told',
      { outcomes: good.outcomes.filter(({ callId }) => callId !== 'a2') },
    ],
    [
      'I1',
      'an outcome after which something should follow',
      {
        outcomes: [...good.outcomes.slice(0, 3), outcomeOf('b', { status: 'waiting' })],
      },
    ],
    ['I2', 'a second effect', { requests: good.requests.map((request) => ({ ...request, isEffect: true })) }],
    ['I2', 'a success without an effect', { requests: good.requests.filter(({ isEffect }) => !isEffect) }],
    ['I3', 'more requests than intents', { calls: [{ ...callA, attempt: 1 }, callB] }],
    ['I3', 'a request without an intent', { calls: [{ ...callA, hasIntent: false }, callB] }],
    ['I3', 'a request of nobody', { requests: [...good.requests, { ref: 'rx', atMs: 1, isEffect: true }] }],
    ['I4', 'two texts under one number', { outcomes: [...good.outcomes, outcomeOf('a', { result: 2 })] }],
    ['I4', 'two ends', { outcomes: [...good.outcomes, outcomeOf('a', { seq: 2, status: 'failed' })] }],
    [
      'I4',
      'a duplicate that was told something else',
      {
        outcomes: good.outcomes.map((outcome) =>
          outcome.callId === 'a2'
            ? outcomeOf('a2', { duplicate_of: 'a', replayed: true, result: 2 })
            : outcome,
        ),
      },
    ],
    ['I5', 'a fence that shrank', { watched: { ...watched, fenceDrops: ['a'] } }],
    [
      'I6',
      'a request that came too early',
      {
        requests: good.requests.map((request) => ({ ...request, atMs: request.atMs * 0.9 })),
      },
    ],
    ['I7', 'an offset past an unrecorded call', { watched: { ...watched, uncovered: ['0/17'] } }],
    ['I8', 'an outcome that nobody published', { calls: [{ ...callA, seq: 2 }, callB] }],
    ['I8', 'a row left in the outbox', { leftovers: { ...leftovers, outboxRows: 1 } }],
    ['I9', 'a dead call without a dead letter', { deadLetters: [] }],
    ['I9', 'a dead letter of no call', { deadLetters: [...good.deadLetters, { what: 'INVALID_JSON' }] }],
    ['I9', 'a list that lacks a call', { leftovers: { ...leftovers, deadCallIds: [] } }],
    ['I9', 'a list that has one too many', { leftovers: { ...leftovers, deadCallIds: ['a', 'b'] } }],
    [
      'I10',
      'a rate above limit and burst',
      {
        rate: { limit: 2, burst: 1, windowMs: 1_000, startedAtMs: 0, requestsAtMs: [0, 10, 20, 999] },
      },
    ],
    ['I11', 'a quiet tenant that waits', { fairness: { calmMs: [300], floodedMs: [601] } }],
    ['I12', 'memory without bound', { watched: { ...watched, rssMb: 5_000 } }],
    ['I12', 'sockets without bound', { watched: { ...watched, openFiles: 5_000 } }],
    ['I12', 'a call that still waits', { leftovers: { ...leftovers, waitingRows: 1 } }],
  ])('notices that %s is broken by %s', (invariant, _what, changes) => {
    expect(broken({ ...good, ...changes })).toContain(invariant);
  });
});

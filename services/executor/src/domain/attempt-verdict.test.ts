import fc from 'fast-check';

import type { AttemptEvidence } from './attempt-evidence.js';
import { judge, type Situation } from './attempt-verdict.js';

const effects: Record<string, Situation['effect']> = {
  read: { class: 'read' },
  idempotent: { class: 'idempotent' },
  keyed: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttl_ms: 3_600_000 },
  probeable: {
    class: 'probeable',
    probe: 'find_it',
    settle_ms: 0,
    reference: { in: 'body', name: 'reference' },
    argument: 'reference',
    found: '',
  },
  opaque: { class: 'opaque' },
  'at least once': { class: 'opaque', at_least_once: true },
};

function situation(overrides: Partial<Situation> = {}): Situation {
  return {
    effect: { class: 'opaque' },
    retry: { max_attempts: 3, initial_backoff_ms: 100, max_backoff_ms: 1_000 },
    attempt: 1,
    mayHaveActed: false,
    firstDispatchAgeMs: 0,
    remainingMs: Infinity,
    random: 0.5,
    ...overrides,
  };
}

const silence: AttemptEvidence = { kind: 'unanswered', message: 'no answer within 30 s' };
const answered = (status: number, retryAfterMs?: number): AttemptEvidence =>
  retryAfterMs === undefined ? { kind: 'answered', status } : { kind: 'answered', status, retryAfterMs };

function kindOf(evidence: AttemptEvidence, overrides: Partial<Situation>): string {
  const verdict = judge(evidence, situation(overrides));
  return verdict.kind === 'fail' || verdict.kind === 'die' || verdict.kind === 'review'
    ? `${verdict.kind} ${verdict.failure.code}`
    : verdict.kind;
}

describe('an answer', () => {
  it.each([
    [200, 'succeed'],
    [204, 'succeed'],
    [300, 'review effect_unknown'],
    [301, 'review effect_unknown'],
    [302, 'review effect_unknown'],
    [303, 'review effect_unknown'],
    [304, 'fail provider_rejected'],
    [307, 'fail provider_redirected'],
    [308, 'fail provider_redirected'],
    [399, 'review effect_unknown'],
    [400, 'fail provider_rejected'],
    [404, 'fail provider_rejected'],
    [429, 'retry'],
    [500, 'review effect_unknown'],
    [503, 'review effect_unknown'],
  ])('of %i to an opaque call means %s', (status, expected) => {
    expect(kindOf(answered(status), {})).toBe(expected);
  });

  it.each([
    ['read', 302, 'fail provider_redirected'],
    ['read', 303, 'fail provider_redirected'],
    ['read', 308, 'fail provider_redirected'],
    ['read', 304, 'fail provider_rejected'],
    ['idempotent', 302, 'retry'],
    ['idempotent', 308, 'fail provider_redirected'],
    ['keyed', 303, 'retry'],
    ['keyed', 307, 'fail provider_redirected'],
    ['probeable', 303, 'probe'],
    ['probeable', 307, 'fail provider_redirected'],
    ['at least once', 303, 'retry'],
  ])('that redirects a %s call with %i means %s', (name, status, expected) => {
    expect(kindOf(answered(status), { effect: effects[name] as Situation['effect'] })).toBe(expected);
  });

  it.each(['opaque', 'read', 'idempotent', 'keyed', 'probeable'])(
    'that redirects a %s call gives the target, and says that no request followed it',
    (name) => {
      const effect = effects[name] as Situation['effect'];
      for (const status of [302, 307]) {
        const evidence = { kind: 'answered', status, location: 'https://b.example/x?…' } as const;
        const verdict = judge(evidence, situation({ effect }));
        const message = 'failure' in verdict ? verdict.failure.message : '';
        expect(message).toContain('https://b.example/x?…');
        expect(message).toContain('not followed');
        expect(message).not.toContain('rejected');
      }
    },
  );

  it('that is incomplete is no success for a read, and is one for any other call', () => {
    const cut = { ...answered(200), loss: { kind: 'cut', limitBytes: 1_000 } } as AttemptEvidence;
    const whole = { ...answered(200), loss: { kind: 'too_large' } } as AttemptEvidence;
    const broken = { ...answered(200), loss: { kind: 'broken' } } as AttemptEvidence;
    const read = situation({ effect: { class: 'read' } });
    expect(judge(cut, read)).toMatchObject({
      kind: 'fail',
      failure: { code: 'result_too_large', category: 'request' },
    });
    expect(JSON.stringify(judge(cut, read))).toContain('max_response_bytes');
    expect(JSON.stringify(judge(whole, read))).not.toContain('max_response_bytes');
    expect(judge(broken, read)).toMatchObject({ kind: 'retry', lostTrack: true });
    expect(judge(broken, { ...read, attempt: 3 })).toMatchObject({
      kind: 'die',
      failure: { code: 'provider_answer_broken' },
    });
    for (const evidence of [cut, whole, broken]) expect(kindOf(evidence, {})).toBe('succeed');
  });

  it.each(['read', 'idempotent', 'keyed'])('of 500 to a %s call is repeated, then dead', (name) => {
    const effect = effects[name];
    if (effect === undefined) throw new Error(name);
    expect(kindOf(answered(500), { effect })).toBe('retry');
    expect(kindOf(answered(500), { effect, attempt: 3 })).toBe('die provider_error');
    // A call that may have acted before it failed must not look like one that did nothing.
    expect(judge(answered(500), situation({ effect, attempt: 3 }))).toMatchObject({
      failure: { category: effect.class === 'read' ? 'provider' : 'unknown_effect' },
    });
  });

  it('with a Retry-After is never repeated earlier (I6)', () => {
    const verdict = judge(answered(429, 900), situation({ random: 0 }));
    expect(verdict).toMatchObject({ kind: 'retry', delayMs: 900, lostTrack: false });
    expect(judge(answered(429, 47_000), situation())).toMatchObject({ kind: 'retry', delayMs: 47_000 });
  });

  it('that the tool declares to be a refusal is repeated even in a class without repetition (I2)', () => {
    const retry = { ...situation().retry, refused_statuses: [503] };
    expect(kindOf(answered(503), { retry })).toBe('retry');
    expect(kindOf(answered(502), { retry })).toBe('review effect_unknown');
  });

  it.each(Object.keys(effects))(
    '503 with a Retry-After to a %s call is a refusal, without one it is not',
    (name) => {
      const effect = effects[name];
      if (effect === undefined) throw new Error(name);
      expect(judge(answered(503, 0), situation({ effect }))).toMatchObject({
        kind: 'retry',
        lostTrack: false,
        failure: { code: 'provider_unavailable', category: 'provider' },
      });
      expect(judge(answered(503), situation({ effect }))).not.toMatchObject({ lostTrack: false });
      expect(judge(answered(502, 0), situation({ effect }))).not.toMatchObject({ lostTrack: false });
    },
  );

  it('with a Retry-After beyond the deadline makes the call dead', () => {
    expect(kindOf(answered(429, 47_000), { remainingMs: 47_000 })).toBe('die provider_rate_limited');
  });
});

describe('silence after the request left', () => {
  it.each([
    ['read', 'retry', 'die provider_unanswered'],
    ['idempotent', 'retry', 'die provider_unanswered'],
    ['keyed', 'retry', 'die provider_unanswered'],
    ['probeable', 'probe', 'probe'],
    ['opaque', 'review effect_unknown', 'review effect_unknown'],
    ['at least once', 'retry', 'die provider_unanswered'],
  ])('of a %s call means %s, and %s when attempts are used up (I2)', (name, first, last) => {
    const effect = effects[name];
    if (effect === undefined) throw new Error(name);
    expect(kindOf(silence, { effect })).toBe(first);
    expect(kindOf(silence, { effect, attempt: 3 })).toBe(last);
  });

  it('of a keyed call needs a person when the provider may have forgotten the key (I2)', () => {
    const effect = { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttl_ms: 600_000 } as const;
    expect(kindOf(silence, { effect, firstDispatchAgeMs: 539_999 })).toBe('retry');
    expect(kindOf(silence, { effect, firstDispatchAgeMs: 540_000 })).toBe('review effect_unknown');
  });
});

describe('a request that never left', () => {
  it('is repeated in every class, then dead', () => {
    const refused: AttemptEvidence = {
      kind: 'not_sent',
      code: 'EGRESS_REFUSED',
      retryable: true,
      message: 'refused',
    };
    expect(kindOf(refused, {})).toBe('retry');
    expect(kindOf(refused, { attempt: 3 })).toBe('die EGRESS_REFUSED');
  });

  it('names the setting that would let it leave', () => {
    const denied: AttemptEvidence = {
      kind: 'not_sent',
      code: 'X',
      retryable: false,
      message: 'no',
      fix: 'allow it',
    };
    expect(judge(denied, situation())).toMatchObject({ kind: 'fail', failure: { fix: 'allow it' } });
  });

  it('fails at once when it may not leave', () => {
    const denied: AttemptEvidence = {
      kind: 'not_sent',
      code: 'EGRESS_DENIED_ADDRESS',
      retryable: false,
      message: 'no',
    };
    expect(kindOf(denied, {})).toBe('fail EGRESS_DENIED_ADDRESS');
  });
});

describe('any evidence', () => {
  const anyEvidence: fc.Arbitrary<AttemptEvidence> = fc.oneof(
    fc.constant(silence),
    fc.record({ status: fc.integer({ min: 100, max: 599 }) }).map(({ status }) => answered(status)),
    fc
      .record({ status: fc.integer({ min: 200, max: 599 }), after: fc.nat(100_000) })
      .map(({ status, after }) => answered(status, after)),
    fc.record({
      kind: fc.constant('not_sent' as const),
      code: fc.constant('X'),
      retryable: fc.boolean(),
      message: fc.constant('x'),
    }),
  );
  const anySituation = fc.record({
    effect: fc.constantFrom(...Object.values(effects)),
    attempt: fc.integer({ min: 1, max: 5 }),
    firstDispatchAgeMs: fc.nat(10_000_000),
    remainingMs: fc.oneof(fc.constant(Infinity), fc.nat(5_000)),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });

  it('makes bounded attempts, with waits inside the deadline and never shorter than requested (I6)', () => {
    fc.assert(
      fc.property(anyEvidence, anySituation, (evidence, overrides) => {
        const now = situation(overrides);
        const verdict = judge(evidence, now);
        if (verdict.kind !== 'retry') return;
        expect(now.attempt).toBeLessThan(now.retry.max_attempts);
        expect(verdict.delayMs).toBeLessThan(now.remainingMs);
        if (evidence.kind === 'answered')
          expect(verdict.delayMs).toBeGreaterThanOrEqual(evidence.retryAfterMs ?? 0);
      }),
      { numRuns: 20_000 },
    );
  });

  /** Independent of the code under test: the statuses are those of ADR 27. */
  const isDefinitelyNotDone = (evidence: AttemptEvidence, refused: readonly number[]): boolean => {
    if (evidence.kind === 'unanswered') return false;
    if (evidence.kind === 'not_sent') return evidence.retryable;
    const { status, means, retryAfterMs } = evidence;
    if (means === 'unknown') return false;
    return (
      means === 'limited' ||
      [425, 429, ...refused].includes(status) ||
      (status === 503 && retryAfterMs !== undefined)
    );
  };
  const isUnknown = (evidence: AttemptEvidence, refused: readonly number[]): boolean => {
    if (evidence.kind !== 'answered') return evidence.kind === 'unanswered';
    if (isDefinitelyNotDone(evidence, refused)) return false;
    const { status, means } = evidence;
    if (means === 'unknown' || status >= 500 || status === 408) return true;
    return status >= 300 && status < 400 && ![304, 307, 308].includes(status);
  };
  const anyRefused = fc.uniqueArray(fc.constantFrom(403, 409, 500, 503), { maxLength: 2 });
  const anyMeaning = fc.constantFrom(undefined, undefined, 'limited' as const, 'unknown' as const);
  const anyWord = fc
    .tuple(anyEvidence, anyMeaning)
    .map(
      ([evidence, means]): AttemptEvidence =>
        evidence.kind === 'answered' && means !== undefined ? { ...evidence, means } : evidence,
    );

  it('is repeated for every effect class when nothing was done, while attempts and time last (I2)', () => {
    fc.assert(
      fc.property(anyWord, anyRefused, anySituation, (evidence, refused_statuses, overrides) => {
        fc.pre(isDefinitelyNotDone(evidence, refused_statuses));
        const now = situation(overrides);
        const verdict = judge(evidence, { ...now, retry: { ...now.retry, refused_statuses } });
        if (now.attempt >= now.retry.max_attempts) expect(verdict.kind).toBe('die');
        else if (verdict.kind !== 'retry') {
          // The longest delay that could be drawn, or that the provider asked for, is beyond the deadline.
          const askedMs = evidence.kind === 'answered' ? (evidence.retryAfterMs ?? 0) : 0;
          expect(verdict.kind).toBe('die');
          expect(Math.max(askedMs, now.retry.max_backoff_ms)).toBeGreaterThanOrEqual(now.remainingMs);
        } else expect(verdict.lostTrack).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('never sends an opaque or probeable request of unknown effect again (I2)', () => {
    fc.assert(
      fc.property(anyWord, anyRefused, anySituation, (evidence, refused_statuses, overrides) => {
        const now = situation(overrides);
        const { effect } = now;
        fc.pre(effect.class === 'probeable' || (effect.class === 'opaque' && effect.at_least_once !== true));
        fc.pre(isUnknown(evidence, refused_statuses));
        const verdict = judge(evidence, { ...now, retry: { ...now.retry, refused_statuses } });
        expect(verdict.kind).toBe(effect.class === 'probeable' ? 'probe' : 'review');
      }),
      { numRuns: 20_000 },
    );
  });
});

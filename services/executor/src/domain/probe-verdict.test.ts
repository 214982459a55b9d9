import type { Tried } from '@action-mesh/contracts/executor';

import { judgeProbe, type ProbeAnswer } from './probe-verdict.js';

const probe = (evidence: Tried['evidence']): Tried => ({
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'probe',
  evidence,
});
const silence: Tried = { ...probe('unanswered'), kind: 'request' };
const bounds = {
  retry: { max_attempts: 2, initial_backoff_ms: 0, max_backoff_ms: 0 },
  attempt: 1,
  remainingMs: Infinity,
  random: 0,
};

function judged(answer: ProbeAnswer, history: readonly Tried[], settleMs = 5_000, attempt = 1) {
  return judgeProbe(answer, history, settleMs, { ...bounds, attempt });
}

describe('a probe', () => {
  it('that finds the call proves that it happened', () => {
    expect(judged({ kind: 'found' }, [silence])).toEqual({ kind: 'succeed' });
  });

  it('that finds nothing for the first time is repeated after the settle time (I2)', () => {
    expect(judged({ kind: 'absent' }, [silence])).toMatchObject({ kind: 'probe', delayMs: 5_000 });
    expect(judged({ kind: 'absent' }, [silence], 0)).toMatchObject({ kind: 'probe', delayMs: 1_000 });
  });

  it('that finds nothing twice in a row allows another request, within the bounds of the tool', () => {
    const history = [silence, probe('absent')];
    expect(judged({ kind: 'absent' }, history)).toMatchObject({ kind: 'retry', lostTrack: false });
    expect(judged({ kind: 'absent' }, history, 5_000, 2)).toMatchObject({ kind: 'die' });
  });

  it('that finds nothing before and after a doubt does not count as two in a row (I2)', () => {
    const history = [silence, probe('absent'), probe('unanswered')];
    expect(judged({ kind: 'absent' }, history)).toMatchObject({ kind: 'probe' });
  });

  it('is not repeated forever when its answers alternate', () => {
    const fro = [probe('absent'), probe('unanswered')];
    const after = (pairs: number): readonly Tried[] => [
      silence,
      ...Array.from({ length: pairs }, () => fro).flat(),
    ];
    expect(judged({ kind: 'absent' }, after(7))).toMatchObject({ kind: 'probe' });
    expect(judged({ kind: 'absent' }, after(8))).toMatchObject({ kind: 'review' });
    expect(judged({ kind: 'absent' }, [...after(8), silence])).toMatchObject({ kind: 'probe' });
  });

  it('without an answer is repeated ever later, and not before the provider allows it', () => {
    const unsure = { kind: 'unsure', message: 'no answer' } as const;
    const after = (count: number): readonly Tried[] => [
      silence,
      ...Array<Tried>(count).fill(probe('unanswered')),
    ];
    const delays = [0, 1, 2, 7].map((count) => judged(unsure, after(count)));
    expect(delays).toMatchObject([
      { delayMs: 5_000 },
      { delayMs: 10_000 },
      { delayMs: 20_000 },
      { delayMs: 60_000 },
    ]);
    expect(judged({ ...unsure, retryAfterMs: 90_000 }, after(0))).toMatchObject({ delayMs: 90_000 });
    expect(judged(unsure, after(8))).toMatchObject({ kind: 'review', failure: { code: 'effect_unknown' } });
  });
});

import type { MeshOutcome } from '../outcome.js';
import { NewestOutcomes } from './newest-outcomes.js';

const outcome = (callId: string, seq: number): MeshOutcome => ({ call_id: callId, seq }) as MeshOutcome;

describe('outcomes from Kafka', () => {
  it('that are repeated or older than seen are no news', () => {
    const newest = new NewestOutcomes();
    const given = [
      outcome('a', 1),
      outcome('a', 3),
      outcome('a', 2),
      outcome('a', 3),
      outcome('b', 1),
      outcome('a', 4),
    ];
    expect(given.map((one) => newest.isNews(one))).toEqual([true, true, false, false, true, true]);
  });

  it('are remembered for a bounded number of calls, the newest ones', () => {
    const newest = new NewestOutcomes();
    for (let call = 0; call <= 100_000; call++) newest.isNews(outcome(`c${call}`, 2));
    expect([newest.isNews(outcome('c100000', 1)), newest.isNews(outcome('c0', 1))]).toEqual([false, true]);
  });
});

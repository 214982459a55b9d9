import type { MeshOutcome } from '../outcome.js';
import { NewestOutcomes } from './newest-outcomes.js';

const outcome = (callId: string, seq: number, tenantId = 'acme'): MeshOutcome =>
  ({ tenant_id: tenantId, call_id: callId, seq }) as MeshOutcome;

describe('outcomes from Kafka', () => {
  it('that are repeated or older than a handled one are no news', () => {
    const newest = new NewestOutcomes();
    const given = [
      outcome('a', 1),
      outcome('a', 3),
      outcome('a', 2),
      outcome('a', 3),
      outcome('b', 1),
      outcome('a', 4),
    ];
    const news = given.map((one) => {
      const isNews = newest.isNews(one);
      newest.remember(one);
      return isNews;
    });
    expect(news).toEqual([true, true, false, false, true, true]);
  });

  it('stay news until they are handled (KN1)', () => {
    const newest = new NewestOutcomes();
    expect([newest.isNews(outcome('a', 1)), newest.isNews(outcome('a', 1))]).toEqual([true, true]);
  });

  it('of another tenant are of another call, also under the same id (KN2)', () => {
    const newest = new NewestOutcomes();
    newest.remember(outcome('a', 3));
    expect([newest.isNews(outcome('a', 1, 'globex')), newest.isNews(outcome('a', 1))]).toEqual([true, false]);
  });

  it('are remembered for a bounded number of calls, the newest ones', () => {
    const newest = new NewestOutcomes();
    for (let call = 0; call <= 100_000; call++) newest.remember(outcome(`c${call}`, 2));
    expect([newest.isNews(outcome('c100000', 1)), newest.isNews(outcome('c0', 1))]).toEqual([false, true]);
  });
});

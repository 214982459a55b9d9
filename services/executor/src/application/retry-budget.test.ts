import { FakeClock } from '@action-mesh/kernel/testing';
import fc from 'fast-check';

import { RetryBudget } from './retry-budget.js';

const windowMs = 10_000;

function takeAll(budget: RetryBudget, provider: string): number {
  let taken = 0;
  while (budget.take(provider)) taken += 1;
  return taken;
}

describe('the retry budget of a provider', () => {
  it('is a small reserve without successes, plus a fifth of the successes (RB1)', () => {
    const budget = new RetryBudget(new FakeClock(0));
    expect(takeAll(budget, 'slack')).toBe(10);
    for (let n = 0; n < 100; n += 1) budget.succeeded('slack');
    expect(takeAll(budget, 'slack')).toBe(20);
  });

  it('is separate: another provider loses nothing by it', () => {
    const budget = new RetryBudget(new FakeClock(0));
    takeAll(budget, 'slack');
    expect(budget.take('crm')).toBe(true);
  });

  it('counts the successes of this window and the one before, and none that is older', () => {
    const clock = new FakeClock(0);
    const budget = new RetryBudget(clock);
    for (let n = 0; n < 100; n += 1) budget.succeeded('slack');
    clock.advance(windowMs);
    expect(takeAll(budget, 'slack')).toBe(30);
    clock.advance(2 * windowMs);
    expect(takeAll(budget, 'slack')).toBe(10);
  });

  it('holds in any order of successes and retries', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant('succeed' as const) },
      { weight: 5, arbitrary: fc.constant('retry' as const) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 25_000 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const clock = new FakeClock(0);
        const budget = new RetryBudget(clock);
        let successes = 0;
        let retries = 0;
        for (const next of steps) {
          if (next === 'succeed') {
            budget.succeeded('p');
            successes += 1;
          } else if (next === 'retry') retries += budget.take('p') ? 1 : 0;
          else clock.advance(next);
        }
        const windows = 1 + Math.ceil(clock.monotonicMs() / windowMs);
        expect(retries).toBeLessThanOrEqual(10 * windows + 0.2 * 2 * successes + windows);
      }),
    );
  });
});

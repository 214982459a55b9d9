import { AdaptiveLimit, defaultConcurrencyRules } from './adaptive-limit.js';

function fill(limit: AdaptiveLimit): number {
  let entered = 0;
  while (limit.acquire()) entered += 1;
  return entered;
}

/** One round of as many requests as the limit allows, all answered well. */
function round(limit: AdaptiveLimit): void {
  const entered = fill(limit);
  for (let n = 0; n < entered; n += 1) {
    limit.succeed(10);
    // Other requests take the slot at once, as under load.
    limit.release();
    limit.acquire();
  }
  for (let n = 0; n < entered; n += 1) limit.release();
}

describe('the adaptive limit', () => {
  it('is 64 at first', () => {
    const limit = new AdaptiveLimit(defaultConcurrencyRules);
    expect(fill(limit)).toBe(64);
    limit.release();
    expect(limit.acquire()).toBe(true);
  });

  it('grows with each success until the first complaint, up to its maximum', () => {
    const limit = new AdaptiveLimit({ start: 20, max: 50 });
    round(limit);
    expect(limit.limit).toBe(40);
    round(limit);
    expect(limit.limit).toBe(50);
  });

  it('shrinks by a tenth after a complaint and then grows by one per round', () => {
    const limit = new AdaptiveLimit({ start: 20, max: 50 });
    limit.complain(limit.era);
    expect(limit.limit).toBe(18);
    round(limit);
    expect(limit.limit).toBe(19);
  });

  it('counts many complaints about one burst as one (AL3)', () => {
    const limit = new AdaptiveLimit({ start: 20, max: 50 });
    const { era } = limit;
    for (let n = 0; n < 20; n += 1) limit.complain(era);
    expect(limit.limit).toBe(18);
    limit.complain(limit.era);
    expect(limit.limit).toBe(16);
  });

  it('never falls below one (AL1)', () => {
    const limit = new AdaptiveLimit({ start: 20, max: 50 });
    for (let n = 0; n < 200; n += 1) limit.complain(limit.era);
    expect(fill(limit)).toBe(1);
  });

  it('does not grow without use (AL2)', () => {
    const limit = new AdaptiveLimit({ start: 20, max: 50 });
    for (let n = 0; n < 100; n += 1) {
      limit.acquire();
      limit.succeed(10);
      limit.release();
    }
    expect(limit.limit).toBe(20);
  });
});

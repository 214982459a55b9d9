import { FakeClock } from './clock.fake.js';
import { systemClock } from './clock.js';

describe('systemClock', () => {
  it('tells the time of day in whole milliseconds', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(Number.isSafeInteger(now)).toBe(true);
  });

  it('has a monotonic time that never goes back', () => {
    let last = systemClock.monotonicMs();
    for (let reading = 0; reading < 10_000; reading += 1) {
      const next = systemClock.monotonicMs();
      expect(next >= last).toBe(true);
      last = next;
    }
  });
});

describe('FakeClock', () => {
  it('stands still until it is advanced, then moves both times', () => {
    const clock = new FakeClock(1000);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1000, 0]);
    clock.advance(250);
    clock.advance(0);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1250, 250]);
  });

  it.each([-1, Number.NaN])('refuses to advance by %d', (ms) => {
    expect(() => new FakeClock().advance(ms)).toThrow(RangeError);
  });
});

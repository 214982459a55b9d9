import type { Admission } from '@action-mesh/governor/port';
import { FakeClock } from '@action-mesh/kernel/testing';

import { ThrottleSpacing } from './throttle-spacing.js';

type Denial = Exclude<Admission, { allowed: true }>;

function denial(reason: Denial['reason'], untilMs: number, scope = 'provider:p'): Denial {
  return { allowed: false, reason, untilMs, scope, circuit: 'closed' };
}

describe('calls that are denied for the same limit', () => {
  it('come back one after the other, none before its time (TS1)', () => {
    const spacing = new ThrottleSpacing(new FakeClock(1_000));
    const delays = Array.from({ length: 4 }, () => spacing.delayMs(denial('rate_limited', 1_100), 't'));
    expect(delays).toEqual([100, 200, 300, 400]);
  });

  it('come back quickly after a block, but not all at once', () => {
    const spacing = new ThrottleSpacing(new FakeClock(0));
    const delays = Array.from({ length: 3 }, () => spacing.delayMs(denial('provider_blocked', 47_000), 't'));
    expect(delays).toEqual([47_000, 47_010, 47_020]);
  });

  it('do not wait for those of another limit', () => {
    const spacing = new ThrottleSpacing(new FakeClock(0));
    spacing.delayMs(denial('rate_limited', 5_000), 't');
    expect(spacing.delayMs(denial('rate_limited', 100, 'tenant:t'), 't')).toBe(100);
  });

  it('do not wait for those of another tenant (TS3)', () => {
    const spacing = new ThrottleSpacing(new FakeClock(0));
    for (let n = 0; n < 1_000; n += 1) spacing.delayMs(denial('concurrency', 50), 'flood');
    expect(spacing.delayMs(denial('concurrency', 50), 'quiet')).toBe(50);
  });

  it('are congested while their queue is longer than a moment', () => {
    const clock = new FakeClock(0);
    const spacing = new ThrottleSpacing(clock);
    spacing.delayMs(denial('rate_limited', 5_000), 'patient');
    spacing.delayMs(denial('concurrency', 50), 'few');
    for (let n = 0; n < 1_000; n += 1) spacing.delayMs(denial('concurrency', 50), 'flood');
    expect([...spacing.congested()]).toEqual(['flood']);
    clock.advance(1_900);
    expect([...spacing.congested()]).toEqual([]);
  });

  it('start over after the queue has passed', () => {
    const clock = new FakeClock(0);
    const spacing = new ThrottleSpacing(clock);
    spacing.delayMs(denial('rate_limited', 100), 't');
    clock.advance(10_000);
    expect(spacing.delayMs(denial('rate_limited', 10_050), 't')).toBe(50);
  });

  it('never get a time in the past', () => {
    expect(new ThrottleSpacing(new FakeClock(5_000)).delayMs(denial('circuit_open', 0), 't')).toBe(0);
  });
});

import type { Clock } from '@action-mesh/kernel';
import { FakeClock } from '@action-mesh/kernel/testing';

import { BrokerClock } from './broker-clock.js';

const allowanceMs = 50;
const hourMs = 3_600_000;

describe('BrokerClock', () => {
  it('takes our clock less an allowance without any record', () => {
    const clock = new FakeClock();
    expect(new BrokerClock(clock).now()).toBe(clock.now() - allowanceMs);
  });

  it('is not ahead of a broker that is behind us by less than the allowance (M32, I6)', () => {
    const clock = new FakeClock();
    const brokerMs = (): number => clock.now() - 40;
    const estimate = new BrokerClock(clock);
    for (let n = 0; n < 100; n += 1) {
      if (n % 7 === 0) estimate.observe(brokerMs() - 3);
      clock.advance(1_000);
      expect(estimate.now()).toBeLessThanOrEqual(brokerMs());
      expect(estimate.now()).toBeGreaterThan(brokerMs() - 12);
    }
  });

  it('follows a broker that is ahead of us', () => {
    const clock = new FakeClock();
    const estimate = new BrokerClock(clock);
    estimate.observe(clock.now() + 5 * 60_000);
    clock.advance(1_000);
    expect(estimate.now()).toBeCloseTo(clock.now() + 5 * 60_000, -1);
    expect(estimate.now()).toBeLessThanOrEqual(clock.now() + 5 * 60_000);
  });

  it('takes the newest stamp, not the last one: a backlog brings old stamps', () => {
    const clock = new FakeClock();
    const estimate = new BrokerClock(clock);
    estimate.observe(clock.now() - 2);
    const before = estimate.now();
    estimate.observe(clock.now() - hourMs);
    expect(estimate.now()).toBe(before);
  });

  it('trusts an older stamp less', () => {
    const clock = new FakeClock();
    const estimate = new BrokerClock(clock);
    estimate.observe(clock.now());
    clock.advance(hourMs);
    expect(estimate.now()).toBe(clock.now() - allowanceMs);
  });

  it.each([
    ['forward', hourMs],
    ['back', -hourMs],
  ])('is not ahead when our wall clock jumps %s (M32, I6)', (_direction, jumpMs) => {
    const truth = new FakeClock();
    let offByMs = 0;
    const ours: Clock = { now: () => truth.now() + offByMs, monotonicMs: () => truth.monotonicMs() };
    const estimate = new BrokerClock(ours);
    truth.advance(500);
    offByMs = jumpMs;
    expect(estimate.now()).toBeLessThanOrEqual(truth.now());
    estimate.observe(truth.now() - 1);
    truth.advance(500);
    expect(estimate.now()).toBeLessThanOrEqual(truth.now());
    expect(estimate.now()).toBeGreaterThan(truth.now() - allowanceMs - 1);
  });
});

import { FakeClock } from '@action-mesh/kernel/testing';

import { TenantConcurrencyCap } from './tenant-concurrency-cap.js';

/** Makes commits that take `tookMs` milliseconds each, one every ten, for a while. */
function commit(cap: TenantConcurrencyCap, clock: FakeClock, tookMs: number, forMs: number): void {
  for (let atMs = 0; atMs < forMs; atMs += 10) {
    clock.advance(10);
    cap.observe(tookMs);
  }
}

describe('the cap on the calls that one tenant runs at once', () => {
  it('is the highest until commits have been slow', () => {
    const clock = new FakeClock();
    const cap = new TenantConcurrencyCap({ most: 256, clock });
    expect(cap.value).toBe(256);
    commit(cap, clock, 5, 5_000);
    expect(cap.value).toBe(256);
  });

  it('shrinks within a second when commits take several times as long, and not below the lowest (TC1)', () => {
    const clock = new FakeClock();
    const cap = new TenantConcurrencyCap({ most: 256, clock });
    commit(cap, clock, 5, 2_000);
    commit(cap, clock, 80, 1_000);
    expect(cap.value).toBeLessThan(64);
    commit(cap, clock, 80, 5_000);
    expect(cap.value).toBe(16);
  });

  it('grows back when commits are quick again (TC2)', () => {
    const clock = new FakeClock();
    const cap = new TenantConcurrencyCap({ most: 64, clock });
    commit(cap, clock, 5, 2_000);
    commit(cap, clock, 80, 5_000);
    commit(cap, clock, 5, 10_000);
    expect(cap.value).toBe(64);
  });

  it('accepts the speed of a machine that is slow from the start', () => {
    const clock = new FakeClock();
    const cap = new TenantConcurrencyCap({ most: 256, clock });
    commit(cap, clock, 40, 5_000);
    expect(cap.value).toBe(256);
  });

  it('adapts to a machine that has become slower for good', () => {
    const clock = new FakeClock();
    const cap = new TenantConcurrencyCap({ most: 64, clock });
    commit(cap, clock, 5, 2_000);
    commit(cap, clock, 30, 10_000);
    expect(cap.value).toBe(16);
    commit(cap, clock, 30, 300_000);
    expect(cap.value).toBe(64);
  });
});

import { FakeClock } from '@action-mesh/kernel/testing';

import { BacklogFullError } from '../domain/gateway.errors.js';
import { TenantBacklog } from './tenant-backlog.js';

function fill(backlog: TenantBacklog, tenant: string, count: number): void {
  for (let index = 0; index < count; index += 1) backlog.admit(tenant, `${tenant}-${index}`);
}

function refusalOf(work: () => void): BacklogFullError {
  try {
    work();
  } catch (error) {
    if (error instanceof BacklogFullError) return error;
    throw error;
  }
  throw new Error('was taken');
}

describe('TenantBacklog', () => {
  it('refuses one tenant at its bound and no other tenant (TB1, TB2)', () => {
    const backlog = new TenantBacklog(new FakeClock(), { maxCalls: 10 });
    fill(backlog, 'loud', 10);
    expect(() => backlog.admit('loud', 'one-more')).toThrow(BacklogFullError);
    expect(() => fill(backlog, 'quiet', 10)).not.toThrow();
  });

  it('frees a place once for every settled or failed call', () => {
    const backlog = new TenantBacklog(new FakeClock(), { maxCalls: 10 });
    fill(backlog, 't', 10);
    backlog.settled('t', 't-0');
    backlog.settled('t', 't-0');
    backlog.withdraw('t', 't-1');
    backlog.settled('t', 'of-somebody-else');
    backlog.settled('another', 't-2');
    backlog.admit('t', 'a');
    backlog.admit('t', 'b');
    expect(() => backlog.admit('t', 'c')).toThrow(BacklogFullError);
  });

  it('counts a call once, and accepts its repetition when the backlog is full', () => {
    const backlog = new TenantBacklog(new FakeClock(), { maxCalls: 2 });
    fill(backlog, 't', 2);
    expect(() => backlog.admit('t', 't-0')).not.toThrow();
    backlog.settled('t', 't-0');
    expect(backlog.holds('t-0')).toBe(false);
  });

  it('keeps two calls of two tenants with one id apart', () => {
    const backlog = new TenantBacklog(new FakeClock(), { maxCalls: 1 });
    backlog.admit('ours', 'id');
    backlog.admit('theirs', 'id');
    backlog.settled('theirs', 'id');
    expect(backlog.holds('id')).toBe(true);
    expect(() => backlog.admit('ours', 'next')).toThrow(BacklogFullError);
    expect(() => backlog.admit('theirs', 'next')).not.toThrow();
    backlog.settled('ours', 'id');
    expect(backlog.holds('id')).toBe(false);
  });

  it('moves a tenant with many unsettled calls to the bulk lane, and back (TB3)', () => {
    const backlog = new TenantBacklog(new FakeClock());
    const lanes = Array.from({ length: 300 }, (_, index) => backlog.admit('loud', `loud-${index}`));
    expect(lanes.lastIndexOf('calls')).toBe(255);
    expect(lanes.indexOf('bulk')).toBe(256);
    expect(backlog.admit('quiet', 'quiet-0')).toBe('calls');
    for (let index = 0; index < 45; index += 1) backlog.settled('loud', `loud-${index}`);
    expect(backlog.admit('loud', 'later')).toBe('calls');
  });

  it('forgets calls without an outcome (TB4)', () => {
    const clock = new FakeClock();
    const backlog = new TenantBacklog(clock, { maxCalls: 3, maxAgeMs: 1_000 });
    fill(backlog, 't', 3);
    clock.advance(1_001);
    expect(() => backlog.admit('t', 'late')).not.toThrow();
    expect([backlog.holds('t-0'), backlog.holds('late')]).toEqual([false, true]);
  });

  it('tells when a tenth will be free, from the rate of settled calls', () => {
    const clock = new FakeClock();
    const backlog = new TenantBacklog(clock, { maxCalls: 100 });
    fill(backlog, 't', 100);
    expect(refusalOf(() => backlog.admit('t', 'x')).retryAfterS).toBe(60);
    for (let index = 0; index < 10; index += 1) {
      backlog.settled('t', `t-${index}`);
      clock.advance(500);
    }
    for (let index = 0; index < 10; index += 1) backlog.admit('t', `again-${index}`);
    expect(refusalOf(() => backlog.admit('t', 'x')).retryAfterS).toBe(5);
    clock.advance(31_000);
    expect(refusalOf(() => backlog.admit('t', 'x')).retryAfterS).toBe(60);
  });
});

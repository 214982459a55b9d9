import type { Quota } from '@action-mesh/contracts/auth-broker';
import { IdentityDirectory } from '@action-mesh/identity';
import { samplePrincipal, sampleTenant } from '@action-mesh/identity/testing';
import { FakeClock } from '@action-mesh/kernel/testing';

import { QuotaSpentError, type SpentQuota } from '../domain/gateway.errors.js';
import { DoorQuotas } from './door-quotas.js';

function stage(ofKey?: Quota, ofTenant?: Quota) {
  const clock = new FakeClock();
  const directory = new IdentityDirectory('dev');
  directory.put(sampleTenant('acme', ofTenant === undefined ? {} : { quota: ofTenant }));
  directory.put(sampleTenant('globex'));
  const quotas = new DoorQuotas(directory, clock);
  const key = samplePrincipal({ tenantId: 'acme', keyId: 'k1', quota: ofKey });
  const take = (caller = key, what: 'requests' | 'calls' = 'calls'): SpentQuota | undefined => {
    try {
      quotas.take(caller, what);
      return undefined;
    } catch (error) {
      if (error instanceof QuotaSpentError) return error.spent;
      throw error;
    }
  };
  const taken = (most: number, caller = key): number => {
    let count = 0;
    while (count < most && take(caller) === undefined) count += 1;
    return count;
  };
  return { clock, key, take, taken };
}

describe('DoorQuotas', () => {
  it('take the burst at once, then the sustained rate (DQ1)', () => {
    const { clock, take, taken } = stage({ calls: { per_second: 2, burst: 5 } });
    expect(taken(100)).toBe(5);
    expect(take()).toEqual({ owner: 'key', what: 'calls', period: 'second', limit: 5, retryAfterS: 1 });
    clock.advance(499);
    expect(taken(100)).toBe(0);
    clock.advance(1);
    expect(taken(100)).toBe(1);
    clock.advance(10_000);
    expect(taken(100)).toBe(5);
  });

  it('never give more than burst and rate over a long time (DQ1)', () => {
    const { clock, taken } = stage({ calls: { per_second: 3, burst: 4 } });
    let total = 0;
    for (let step = 0; step < 1_000; step += 1) {
      total += taken(7);
      clock.advance(37);
    }
    expect(total).toBeLessThanOrEqual(4 + 37 * 3);
    expect(total).toBeGreaterThanOrEqual(37 * 3);
  });

  it('take the rate of one second at once without a burst, and at least one', () => {
    expect(stage({ calls: { per_second: 4.5 } }).taken(100)).toBe(4);
    const slow = stage({ calls: { per_second: 0.01 } });
    expect(slow.taken(100)).toBe(1);
    expect(slow.take()?.retryAfterS).toBe(100);
  });

  it('count a day from midnight to midnight UTC', () => {
    const { clock, take, taken } = stage({ calls: { per_day: 3 } });
    clock.advance(86_400_000 - (clock.now() % 86_400_000) - 60_000);
    expect(taken(100)).toBe(3);
    expect(take()).toEqual({ owner: 'key', what: 'calls', period: 'day', limit: 3, retryAfterS: 60 });
    clock.advance(60_000);
    expect(taken(100)).toBe(3);
  });

  it('take from key and tenant, or from neither (DQ2)', () => {
    const { clock, key, take, taken } = stage(
      { calls: { per_second: 1, burst: 2 } },
      { calls: { per_day: 3 } },
    );
    expect(taken(100)).toBe(2);
    expect(take()?.owner).toBe('key');
    const other = { ...key, keyId: 'k2' };
    expect(taken(100, other)).toBe(1);
    clock.advance(1_000);
    expect(take()?.owner).toBe('tenant');
    clock.advance(86_400_000);
    expect(taken(100)).toBe(2);
  });

  it('leave other owners, and requests beside calls, alone (DQ3)', () => {
    const { key, take, taken } = stage({ calls: { per_second: 1 } }, { calls: { per_day: 1 } });
    expect(taken(100)).toBe(1);
    expect(take(key, 'requests')).toBeUndefined();
    expect(take({ ...key, tenantId: 'globex', quota: undefined })).toBeUndefined();
    expect(take({ ...key, keyId: undefined, quota: undefined })?.owner).toBe('tenant');
  });
});

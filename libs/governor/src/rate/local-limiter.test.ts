import { FakeClock } from '@action-mesh/kernel/testing';
import fc from 'fast-check';

import { counterOf } from '../../test/governor-samples.js';
import { busiestWindow } from '../../test/windows.js';
import { charge, take, type Bucket } from './gcra.js';
import type { TokenGrant } from './limit-store.port.js';
import { LocalLimiter } from './local-limiter.js';
import { shareOf } from './share.js';

function limiterOf(instances = 1, buckets: 'empty' | 'full' = 'full') {
  const clock = new FakeClock();
  const limiter = new LocalLimiter(clock, () => instances);
  limiter.begin(buckets);
  return { clock, limiter };
}

describe('the share of one instance', () => {
  it('is the whole limit for one instance', () => {
    const { rate } = counterOf(10, 2);
    expect(shareOf(rate, 1)).toBe(rate);
  });

  it('is the divided limit for several instances', () => {
    expect(shareOf(counterOf(10, 4).rate, 2)).toEqual({ intervalUs: 200_000, burst: 2 });
  });

  it('is nothing if there are more instances than requests to divide', () => {
    expect(shareOf(counterOf(1, 1).rate, 3)).toBeUndefined();
  });
});

describe('the shares of all instances', () => {
  it('together stay within limit + burst in any window, at full speed (I10)', () => {
    const some = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 40 }), (limit, burst, instances) => {
        const { rate } = counterOf(limit, burst);
        const share = shareOf(rate, instances);
        if (share === undefined) return;
        const perWindow = share.burst + Math.ceil(rate.windowUs / share.intervalUs) - 1;
        expect(perWindow * instances).toBeLessThanOrEqual(limit + burst);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a local period', () => {
  it('begins with full buckets if no token can have been taken', () => {
    const { limiter } = limiterOf();
    const counters = [counterOf(10, 2)];
    expect(limiter.take(counters).kind).toBe('granted');
    expect(limiter.take(counters).kind).toBe('granted');
    expect(limiter.take(counters)).toMatchObject({ kind: 'limited', waitMs: 100 });
  });

  it('begins with empty buckets if earlier takings are unknown (LL1)', () => {
    const { clock, limiter } = limiterOf(2, 'empty');
    const counters = [counterOf(10, 4)];
    expect(limiter.take(counters)).toMatchObject({ kind: 'limited', waitMs: 200 });
    clock.advance(200);
    expect(limiter.take(counters).kind).toBe('granted');
  });

  it('takes from every counter or from none', () => {
    const { limiter } = limiterOf();
    const wide = counterOf(10, 2, 1e6, 'wide');
    const narrow = counterOf(1, 1, 1e6, 'narrow');
    expect(limiter.take([wide, narrow]).kind).toBe('granted');
    expect(limiter.take([wide, narrow])).toMatchObject({ kind: 'limited', counter: narrow });
    expect(limiter.take([wide]).kind).toBe('granted');
  });

  it('denies requests under a limit that cannot be divided', () => {
    const { limiter } = limiterOf(3);
    expect(limiter.take([counterOf(1, 1)]).kind).toBe('limited');
  });

  it('takes unused tokens back, but not those of another period', () => {
    const { limiter } = limiterOf();
    const counters = [counterOf(1, 1)];
    const first = limiter.take(counters) as { grant: TokenGrant };
    limiter.giveBack(first.grant);
    const second = limiter.take(counters);
    expect(second.kind).toBe('granted');
    limiter.begin('full');
    expect(limiter.take(counters).kind).toBe('granted');
    limiter.giveBack((second as { grant: TokenGrant }).grant);
    expect(limiter.take(counters).kind).toBe('limited');
  });
});

describe('an outage of the common count (I10)', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 });

  it('keeps every window within limit + burst: before, during, and after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        gaps,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 400 })), {
          maxLength: 80,
        }),
        gaps,
        (limit, burst, instances, before, during, after) => {
          const counter = counterOf(limit, burst);
          const clock = new FakeClock();
          clock.advance(10_000);
          const nowUs = (): number => Math.floor(clock.monotonicMs() * 1_000);
          const times: number[] = [];
          let shared: Bucket | undefined;
          const takeShared = (): void => {
            const taking = take(shared, counter.rate, nowUs());
            if (!taking.taken) return;
            shared = taking.bucket;
            times.push(nowUs());
          };
          for (const gap of before) {
            clock.advance(gap);
            takeShared();
          }
          const locals = Array.from({ length: instances }, () => new LocalLimiter(clock, () => instances));
          for (const local of locals) local.begin('empty');
          for (const [who, gap] of during) {
            clock.advance(gap);
            if (locals[who % instances]?.take([counter]).kind === 'granted') times.push(nowUs());
          }
          for (const { cost } of locals.flatMap((local) => local.charges())) {
            shared = charge(shared, counter.rate, nowUs(), cost);
          }
          for (const gap of after) {
            clock.advance(gap);
            takeShared();
          }
          expect(busiestWindow(times, counter.rate.windowUs)).toBeLessThanOrEqual(limit + burst);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

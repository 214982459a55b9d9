import fc from 'fast-check';

import { busiestWindow } from '../../test/windows.js';
import { charge, emptyBucket, giveBack, take, type Bucket, type Rate } from './gcra.js';

const rate: Rate = { intervalUs: 100, burst: 3 };

describe('a bucket', () => {
  it('allows the burst at once and then one token per interval', () => {
    let bucket: Bucket | undefined;
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const taking = take(bucket, rate, 1_000);
      if (taking.taken) bucket = taking.bucket;
      waits.push(taking.taken ? 0 : taking.waitUs);
    }
    expect(waits).toEqual([0, 0, 0, 100, 100]);
    expect(take(bucket, rate, 1_099).taken).toBe(false);
    expect(take(bucket, rate, 1_100).taken).toBe(true);
  });

  it('never holds more than its burst, even after a long pause', () => {
    const first = charge(undefined, rate, 0, 1);
    expect(take(first, rate, 1_000_000, 3).taken).toBe(true);
    expect(take(first, rate, 1_000_000, 4).taken).toBe(false);
  });

  it('refills from zero if it begins empty', () => {
    const bucket = emptyBucket(rate, 500);
    expect(take(bucket, rate, 500)).toEqual({ taken: false, waitUs: 100 });
    expect(take(bucket, rate, 600).taken).toBe(true);
  });

  it('takes an unused token back', () => {
    let bucket: Bucket | undefined;
    for (let n = 0; n < 3; n += 1) bucket = charge(bucket, rate, 1_000, 1);
    expect(take(bucket, rate, 1_001).taken).toBe(false);
    const back = giveBack(bucket as Bucket, rate, { nowUs: 1_001, takenAtUs: 1_000 });
    expect(take(back, rate, 1_001).taken).toBe(true);
  });

  it('takes back only the part that has not refilled (GC2)', () => {
    const double: Rate = { intervalUs: 100, burst: 2 };
    let bucket = charge(undefined, double, 1_000, 1);
    bucket = charge(bucket, double, 1_050, 1);
    // Ten microseconds later the bucket would be full. Ten microseconds of the first token are still missing.
    bucket = charge(bucket, double, 1_190, 1);
    expect(giveBack(bucket, double, { nowUs: 1_190, takenAtUs: 1_000 }).tatUs).toBe(1_290);
  });

  it('does not take back a token that has refilled (GC2)', () => {
    const single: Rate = { intervalUs: 100, burst: 1 };
    const first = charge(undefined, single, 0, 1);
    const second = charge(first, single, 1_000, 1);
    expect(giveBack(second, single, { nowUs: 1_000, takenAtUs: 0 })).toBe(second);
  });
});

describe('any schedule', () => {
  const step = fc.record({
    // Bursts and pauses, because a bucket is interesting when it is nearly empty or nearly full.
    afterUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 250 })),
    unused: fc.boolean(),
    backAfter: fc.integer({ min: 0, max: 6 }),
  });

  it('gives at most burst + t / interval tokens in any time t, without returned ones (GC1, GC2)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(step, { maxLength: 60 }),
        (intervalUs, burst, steps) => {
          const any: Rate = { intervalUs, burst };
          const used: number[] = [];
          const pending: { takenAtUs: number; dueStep: number }[] = [];
          let bucket: Bucket | undefined;
          let nowUs = 10_000;
          steps.forEach(({ afterUs, unused, backAfter }, index) => {
            nowUs += afterUs;
            for (const { takenAtUs } of pending.filter(({ dueStep }) => dueStep === index)) {
              bucket = giveBack(bucket as Bucket, any, { nowUs, takenAtUs });
            }
            const taking = take(bucket, any, nowUs);
            if (!taking.taken) return;
            bucket = taking.bucket;
            if (unused) pending.push({ takenAtUs: nowUs, dueStep: index + 1 + backAfter });
            else used.push(nowUs);
          });
          // A token that is not returned at the end was not used either.
          for (const windowUs of [1, intervalUs, intervalUs * 3, intervalUs * 10]) {
            expect(busiestWindow(used, windowUs)).toBeLessThanOrEqual(
              burst + Math.ceil(windowUs / intervalUs) - 1,
            );
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

import { LatenessHistogram } from './lateness-histogram.js';

function histogramOf(...latenessesMs: readonly number[]): LatenessHistogram {
  const histogram = new LatenessHistogram();
  for (const lateMs of latenessesMs) histogram.record(lateMs);
  return histogram;
}

describe('LatenessHistogram', () => {
  it('has no quantiles before the first record', () => {
    const histogram = new LatenessHistogram();
    expect(histogram.quantileMs(0.99)).toBeUndefined();
    expect(histogram.toJSON()).toEqual({ count: 0, early: 0, max_ms: 0, buckets: [] });
  });

  it('gives a bound within which a share happened, and never a smaller one', () => {
    const histogram = histogramOf(...Array.from({ length: 99 }, () => 3), 140);
    expect(histogram.quantileMs(0.5)).toBe(5);
    expect(histogram.quantileMs(0.99)).toBe(5);
    // 99.1 % of 100 values is the 100th value.
    expect(histogram.quantileMs(0.991)).toBe(140);
    expect(histogram.quantileMs(0)).toBe(5);
  });

  it('counts a value on a bound below it', () => {
    expect(histogramOf(150, 300).quantileMs(0.5)).toBe(150);
    expect(histogramOf(150.01, 300).quantileMs(0.5)).toBe(200);
  });

  it('counts an early value as not late', () => {
    const histogram = histogramOf(-0.5, 0, 7);
    expect(histogram.early).toBe(1);
    expect(histogram.toJSON()).toMatchObject({
      count: 3,
      buckets: [
        { le_ms: 1, count: 2 },
        { le_ms: 10, count: 1 },
      ],
    });
  });

  it('takes values later than every bound', () => {
    const histogram = histogramOf(8_000_000);
    expect(histogram.quantileMs(0.5)).toBe(8_000_000);
    expect(histogram.toJSON().buckets).toEqual([{ le_ms: null, count: 1 }]);
  });

  it('is written as plain data', () => {
    expect(JSON.parse(JSON.stringify(histogramOf(4, 60)))).toEqual({
      count: 2,
      early: 0,
      max_ms: 60,
      p50_ms: 5,
      p99_ms: 60,
      p999_ms: 60,
      buckets: [
        { le_ms: 5, count: 1 },
        { le_ms: 75, count: 1 },
      ],
    });
  });

  it('refuses NaN, which would hide in a bucket', () => {
    expect(() => histogramOf(Number.NaN)).toThrow(RangeError);
  });
});

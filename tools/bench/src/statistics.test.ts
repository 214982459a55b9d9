import { median, ratio } from './statistics.js';

describe('the median', () => {
  it('is the middle value in any order', () => {
    expect(median([190, 69, 74])).toBe(74);
    expect(median([5])).toBe(5);
  });

  it('is the lower of two middle values', () => {
    expect(median([4, 1, 3, 2])).toBe(2);
  });

  it('of no values is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('a ratio', () => {
  it('has two decimals', () => {
    expect(ratio(1_180, 1_457)).toBe(0.81);
  });
});

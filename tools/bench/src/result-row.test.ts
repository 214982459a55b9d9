import { atLeast, atMost, resultTable, verdictOf } from './result-row.js';

const row = { section: 'idle', name: 'services', unit: '%' };

describe('the verdict on a row', () => {
  it.each([
    [3, atMost(3), 'met'],
    [3.01, atMost(3), 'MISSED'],
    [1.2, atLeast(1.2), 'met'],
    [1.19, atLeast(1.2), 'MISSED'],
    [NaN, atMost(3), 'MISSED'],
    [NaN, atLeast(3), 'MISSED'],
  ])('of %d against %j is "%s"', (figure, target, verdict) => {
    expect(verdictOf({ ...row, figure, target })).toBe(verdict);
  });

  it('is empty without a target', () => {
    expect(verdictOf({ ...row, figure: 3 })).toBe('');
  });

  it('shows that a figure could not be measured', () => {
    expect(verdictOf({ ...row, target: atMost(3) })).toBe('not measured');
  });
});

describe('the table', () => {
  it('shows target, figure, verdict and note', () => {
    const text = resultTable([
      { ...row, figure: 26.1, target: atMost(3), note: 'Kafka 9.8' },
      { ...row, target: atMost(3), note: 'only on Linux' },
    ]);
    expect(text).toMatch(/idle: services +26\.1 % +≤ 3 +MISSED +Kafka 9\.8/);
    expect(text).toMatch(/idle: services +– +≤ 3 +not measured +only on Linux/);
  });
});

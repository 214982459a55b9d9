import { retryAfterMs } from './retry-after.js';

const nowMs = Date.parse('2026-11-30T00:00:00Z');

describe('retryAfterMs', () => {
  it.each<[unknown, number | undefined]>([
    ['7', 7_000],
    [' 0 ', 0],
    ['Mon, 30 Nov 2026 00:01:00 GMT', 60_000],
    ['Sun, 29 Nov 2026 23:00:00 GMT', 0],
    ['99999999', 86_400_000],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['7 days', undefined],
    ['soon', undefined],
    [undefined, undefined],
    [['7'], undefined],
  ])('reads %p as %p ms', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });
});

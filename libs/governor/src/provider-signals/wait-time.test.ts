import fc from 'fast-check';
import { processorMsSince } from '@action-mesh/testing';

import { longestWaitMs, parseReset, parseRetryAfter } from './wait-time.js';

/** Monday, 2 March 2026, 09:15:00. */
const nowMs = Date.UTC(2026, 2, 2, 9, 15);
const nowS = nowMs / 1_000;

describe('Retry-After is never cut short (I6)', () => {
  it.each<[string | readonly string[], number]>([
    ['47', 47_000],
    [' 0 ', 0],
    ['4.5', 4_500],
    ['4.0001', 4_001],
    ['0.0000001', 1],
    ['.5', 500],
    ['5.', 5_000],
    ['+7', 7_000],
    ['007', 7_000],
    ['"12"', 12_000],
    ['120;comment', 120_000],
    ['4, 4', 4_000],
    ['2,\t9 , 4', 9_000],
    ['4, soon, -1,', 4_000],
    [['3', '8'], 8_000],
    ['Mon, 02 Mar 2026 09:15:30 GMT', 30_000],
    ['mon,  02  mar 2026 09:15:30 gmt', 30_000],
    ['Mon, 02 Mar 2026 09:15:30 UTC', 30_000],
    ['Mon, 02 Mar 2026 09:15:30 +0000', 30_000],
    ['Monday, 02-Mar-26 09:15:30 GMT', 30_000],
    ['Mon Mar  2 09:15:30 2026', 30_000],
    ['02 Mar 2026 09:15:30 GMT', 30_000],
    ['2026-03-02T09:15:30Z', 30_000],
    ['2026-03-02 10:15:30.250+01:00', 30_250],
    ['Mon, 02 Mar 2026 09:15:60 GMT', 60_000],
    ['Mon, 02 Mar 2026 09:14:30 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Mon, 02 Mar 2026 09:15:30 GMT, Mon, 02 Mar 2026 09:15:40 GMT', 40_000],
    ['5, Mon, 02 Mar 2026 09:15:40 GMT', 40_000],
    [String(nowS + 90), 90_000],
    [`${nowS + 90}.25`, 90_250],
    [String(nowMs + 250), 250],
    [String(nowS - 60), 0],
    ['31536001', longestWaitMs],
    ['999999999999', longestWaitMs],
    ['9'.repeat(18), longestWaitMs],
    ['9'.repeat(20), longestWaitMs],
    ['9'.repeat(400), longestWaitMs],
    [`${'0'.repeat(30)}7`, 7_000],
    [`1.${'0'.repeat(40)}`, 1_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', longestWaitMs],
  ])('%j', (value, ms) => expect(parseRetryAfter(value, nowMs)).toBe(ms));

  it.each([
    undefined,
    '',
    ',',
    '-1',
    '1e9',
    '0x10',
    '4 5',
    '1.2.3',
    'NaN',
    'Infinity',
    '2026-03-02',
    '2026-03-02T09:15:30',
    'soon',
    'Mon, ',
    'Mon, 99 Mar 2026 09:15:30 GMT',
    'Mon, 02 Foo 2026 09:15:30 GMT',
    'Mon, 02 Mar 2026 25:15:30 GMT',
    'Mon, 02 Mar 2026 09:15:30 PST',
    `${'x'.repeat(99)}GMT`,
    [],
  ])('ignores %j', (text) => expect(parseRetryAfter(text, nowMs)).toBeUndefined());

  it('takes the latest of any list', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(seconds, fc.constantFrom(',', ', ', ' ,', ';q=1,'), (all, comma) => {
        expect(parseRetryAfter(all.join(comma), nowMs)).toBe(Math.max(...all) * 1_000);
      }),
    );
  });

  it('rounds any decimals up', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (seconds) => {
        const text = seconds.toFixed(9);
        expect(parseRetryAfter(text, nowMs)).toBeGreaterThanOrEqual(Number(text) * 1_000);
      }),
    );
  });
});

describe('X-RateLimit-Reset', () => {
  it.each<[string, number | undefined]>([
    ['12', 12_000],
    ['12.5', 12_500],
    ['3, 60', 60_000],
    [String(nowS + 90), 90_000],
    [`${nowS + 90}.5`, 90_500],
    [String(nowMs + 250), 250],
    [String(nowS - 60), 0],
    ['2026-03-02T09:15:30Z', 30_000],
    ['Mon, 02 Mar 2026 09:15:30 GMT', 30_000],
    ['1000000000', undefined],
    ['999999999999', undefined],
    ['-5', undefined],
    ['1e99', undefined],
  ])('%s', (text, ms) => expect(parseReset(text, nowMs)).toBe(ms));
});

it('reads the worst headers in linear time', () => {
  const pieces = [' ', '4,', 'Mon, ', '"', ';', '.', '0', 'Mon Mar ', '-', '\t,'];
  const before = process.cpuUsage();
  for (const piece of pieces) {
    for (const length of [500, 1_000_000]) {
      const text = piece.repeat(Math.ceil(length / piece.length));
      parseRetryAfter(text, nowMs);
      parseReset(text, nowMs);
      parseRetryAfter([text.slice(0, 250), text.slice(0, 250)], nowMs);
    }
  }
  expect(processorMsSince(before)).toBeLessThan(500);
});

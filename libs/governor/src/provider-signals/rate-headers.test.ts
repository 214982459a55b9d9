import { defined } from '@action-mesh/kernel';
import fc from 'fast-check';
import { processorMsSince } from '@action-mesh/testing';

import { blockedForMs, isRateLimitHeader, longestBlockMs } from './rate-headers.js';
import { quotaItems } from './structured-field.js';

const nowMs = Date.UTC(2026, 2, 2, 9, 15);
const answered = (status: number, headers: Record<string, string> = {}, retryAfterMs?: number) => ({
  kind: 'answered' as const,
  status,
  headers,
  durationMs: 10,
  ...defined({ retryAfterMs }),
});

describe('Retry-After', () => {
  it('blocks after 429 and 503 only', () => {
    expect(blockedForMs(answered(429, {}, 47_000), nowMs)).toBe(47_000);
    expect(blockedForMs(answered(503, { 'retry-after': '5' }), nowMs)).toBe(5_000);
    expect(blockedForMs(answered(301, { 'retry-after': '5' }), nowMs)).toBe(0);
    expect(blockedForMs({ kind: 'unanswered', retryAfterMs: 5_000, durationMs: 1 }, nowMs)).toBe(0);
  });

  it('pauses a second after a 429 without a time, and not after a 503', () => {
    expect(blockedForMs(answered(429), nowMs)).toBe(1_000);
    expect(blockedForMs(answered(503), nowMs)).toBe(0);
  });
});

describe('a used-up quota', () => {
  const seconds = Math.floor(nowMs / 1_000);
  it.each([
    ['the draft', { ratelimit: '"default";r=0;t=30' }, 30_000],
    ['the draft, two quotas', { ratelimit: '"burst";r=0;t=2, "day";r=0;t=1800' }, 1_800_000],
    ['the draft, one of two', { ratelimit: '"burst";r=9;t=2, "day";r=0;t=60' }, 60_000],
    ['the window, without a time', { ratelimit: '"day";r=0', 'ratelimit-policy': '"day";q=10;w=60' }, 60_000],
    ['the older draft', { ratelimit: 'limit=100, remaining=0, reset=5' }, 5_000],
    ['separate headers', { 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }, 7_000],
    ['seconds from now', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' }, 12_000],
    ['epoch seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds + 90) }, 90_000],
    ['an ISO date', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-03-02T09:15:08Z' }, 8_000],
    ['the latest of several', { 'x-ratelimit-remaining': '7, 0', 'x-ratelimit-reset': '5, 60' }, 60_000],
    ['epoch milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs + 250) }, 250],
  ])('blocks a good answer too: %s', (_, headers, ms) => {
    expect(blockedForMs(answered(200, headers as Record<string, string>), nowMs)).toBe(ms);
  });

  it.each([
    { ratelimit: '"default";r=1;t=30' },
    { ratelimit: '"default";t=30' },
    { ratelimit: '"default";r=0' },
    { 'ratelimit-policy': '"default";q=0;w=60' },
    { 'x-ratelimit-remaining': '0' },
    { 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '9' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '-5' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1e99' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'Infinity' },
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(seconds - 60) },
    { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '60' },
    { ratelimit: ';;;,,,"r=0;t=5' },
    { ratelimit: '"__proto__";r=0' },
  ])('ignores %j', (headers) => {
    expect(blockedForMs(answered(200, headers as Record<string, string>), nowMs)).toBe(0);
  });

  it('never blocks for longer than a day', () => {
    expect(blockedForMs(answered(429, {}, Number.MAX_SAFE_INTEGER), nowMs)).toBe(longestBlockMs);
    expect(blockedForMs(answered(429, { 'retry-after': '999999999999' }), nowMs)).toBe(longestBlockMs);
    expect(blockedForMs(answered(200, { ratelimit: '"x";r=0;t=999999999999' }), nowMs)).toBe(longestBlockMs);
  });

  it('returns a valid number for any text in any header', () => {
    const piece = fc.constantFrom(
      'r=0',
      't=',
      ';',
      ',',
      '"',
      '\\',
      'remaining=0',
      '0',
      '-1',
      '9',
      ' ',
      'GMT',
      '=',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
    );
    const headers = fc.record({
      'retry-after': text,
      ratelimit: text,
      'ratelimit-policy': text,
      'x-ratelimit-remaining': text,
      'x-ratelimit-reset': text,
    });
    fc.assert(
      fc.property(headers, fc.constantFrom(200, 429, 503), (any, status) => {
        const ms = blockedForMs(answered(status, any), nowMs);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(longestBlockMs);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads a long header fast', () => {
    const before = process.cpuUsage();
    quotaItems(`${'"a'.repeat(300_000)};r=0`);
    quotaItems(' '.repeat(300_000));
    expect(processorMsSince(before)).toBeLessThan(500);
  });
});

it('knows its headers by their lower-case names', () => {
  expect(isRateLimitHeader('x-ratelimit-reset')).toBe(true);
  expect(isRateLimitHeader('set-cookie')).toBe(false);
});

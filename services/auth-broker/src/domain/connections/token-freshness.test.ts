import fc from 'fast-check';

import { freshnessOf, reconnectByMs, refreshMarginMs } from './token-freshness.js';

const minute = 60_000;
const issuedAtMs = Date.parse('2026-11-30T12:00:00Z');
const tokenOf = (lifeMs: number) => ({
  id: '01998c50-0000-7a0b-8c0d-0e0f10111213',
  version: 1,
  issuedAtMs,
  expiresAtMs: issuedAtMs + lifeMs,
});
const survives = { endsAccessToken: false };

describe('the margin of a refresh', () => {
  it.each([
    ['5 minutes', 5 * minute, 30_000],
    ['30 minutes', 30 * minute, 3 * minute],
    ['8 hours', 480 * minute, 5 * minute],
  ])('of a token that lives %s is its tenth within 30 s and 5 min [RF9]', (_, lifeMs, marginMs) => {
    const margin = refreshMarginMs(tokenOf(lifeMs), survives);
    expect(margin).toBeGreaterThanOrEqual(marginMs);
    expect(margin).toBeLessThanOrEqual(marginMs * 1.2);
  });

  it.each([1_000, 8_000, 40_000, 70_000])(
    'of a token that lives %i ms leaves the first half of its life [RF9]',
    (lifeMs) => {
      const margin = refreshMarginMs(tokenOf(lifeMs), survives);
      expect(margin).toBeGreaterThan(0);
      expect(margin).toBeLessThanOrEqual(lifeMs / 2);
    },
  );

  it('differs between connections, and is the same everywhere for one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1 }), (id, version) => {
        const token = { ...tokenOf(480 * minute), id, version };
        expect(refreshMarginMs(token, survives)).toBe(refreshMarginMs({ ...token }, survives));
      }),
    );
    const margins = Array.from({ length: 50 }, (_, version) =>
      refreshMarginMs({ ...tokenOf(480 * minute), version }, survives),
    );
    expect(new Set(margins).size).toBeGreaterThan(20);
  });

  it('is short where a refresh ends calls under way', () => {
    expect(refreshMarginMs(tokenOf(480 * minute), { endsAccessToken: true })).toBe(5_000);
  });
});

describe('an access token', () => {
  it('is fresh, then due, then ended', () => {
    const token = tokenOf(60 * minute);
    expect(freshnessOf(token, survives, issuedAtMs + 52 * minute)).toBe('fresh');
    expect(freshnessOf(token, survives, issuedAtMs + 56 * minute)).toBe('due');
    expect(freshnessOf(token, survives, issuedAtMs + 60 * minute)).toBe('ended');
  });

  it('without a known end stays fresh', () => {
    const { id, version } = tokenOf(0);
    expect(freshnessOf({ id, version }, survives, Number.MAX_SAFE_INTEGER)).toBe('fresh');
  });
});

describe('the time to connect again', () => {
  it('is the first end of the grant', () => {
    const connection = { consentedAtMs: 1_000, refreshExpiresAtMs: 5_000 };
    expect(reconnectByMs(connection, { rotates: 'never', absoluteMs: undefined })).toBe(5_000);
    expect(reconnectByMs(connection, { rotates: 'always', absoluteMs: undefined })).toBeUndefined();
    expect(reconnectByMs(connection, { rotates: 'always', absoluteMs: 9_000 })).toBe(10_000);
  });
});

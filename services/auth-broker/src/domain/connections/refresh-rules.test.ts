import { coolDownMs, sendableAtMs, tokenDigest } from './refresh-rules.js';

const nowMs = 1_000_000_000;
const digest = tokenDigest('refresh-1');
const sent = (count: number, agoMs: number) => ({ intent: { digest, count, atMs: nowMs - agoMs } });
const strict = { rotates: 'always', reuseLeewayMs: 0 } as const;

describe('the pause after failures', () => {
  it('grows from 30 s to 15 min', () => {
    expect([1, 2, 3, 6, 50].map((failures) => coolDownMs(failures))).toEqual([
      30_000, 60_000, 120_000, 900_000, 900_000,
    ]);
  });

  it('is as long as the provider asks, up to a day', () => {
    expect(coolDownMs(1, 3_600_000)).toBe(3_600_000);
    expect(coolDownMs(1, 1_000)).toBe(30_000);
    expect(coolDownMs(1, 1e12)).toBe(86_400_000);
  });
});

describe('a refresh token', () => {
  it('that was never sent leaves at once', () => {
    expect(sendableAtMs({}, digest, strict, nowMs)).toBe(nowMs);
    expect(
      sendableAtMs({ intent: { ...sent(5, 0).intent, digest: tokenDigest('other') } }, digest, strict, nowMs),
    ).toBe(nowMs);
  });

  it('is repeated once at once after an unknown end, and then ever later [RF7]', () => {
    expect(sendableAtMs(sent(1, 0), digest, strict, nowMs)).toBe(nowMs);
    expect(sendableAtMs(sent(2, 0), digest, strict, nowMs)).toBe(nowMs + 30_000);
    expect(sendableAtMs(sent(3, 0), digest, strict, nowMs)).toBe(nowMs + 60_000);
  });

  it('is repeated freely within the leeway of the provider, and where it does not rotate [RF7]', () => {
    const leeway = { rotates: 'always', reuseLeewayMs: 600_000 } as const;
    expect(sendableAtMs(sent(4, 599_000), digest, leeway, nowMs)).toBe(nowMs);
    expect(sendableAtMs(sent(4, 601_000), digest, leeway, nowMs)).toBeLessThan(nowMs);
    expect(sendableAtMs(sent(9, 0), digest, { rotates: 'never', reuseLeewayMs: 0 }, nowMs)).toBe(nowMs);
  });
});

import * as fc from 'fast-check';

import { deliveryWaitsMs, disableAfterMs, settleDelivery } from './delivery-end.js';

const nowMs = Date.parse('2026-03-02T09:15:00.000Z');
const before = { isTest: false, step: 0 };
const failed = (statusCode?: number, retryAfterMs?: number) => ({
  isDelivered: false,
  failure: 'no',
  ...(statusCode === undefined ? {} : { statusCode }),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

describe('the result of an attempt', () => {
  it('ends a delivered message', () => {
    expect(settleDelivery(before, { isDelivered: true, statusCode: 204 }, nowMs)).toEqual({
      end: { kind: 'delivered' },
    });
  });

  it('leads up the ladder and then to the end (WH3)', () => {
    const waits = deliveryWaitsMs.map(
      (_, step) => settleDelivery({ ...before, step }, failed(500), nowMs).end,
    );
    expect(waits).toEqual(
      deliveryWaitsMs.map((afterMs, step) => ({ kind: 'retried', step: step + 1, afterMs })),
    );
    expect(settleDelivery({ ...before, step: deliveryWaitsMs.length }, failed(), nowMs)).toEqual({
      end: { kind: 'failed', step: deliveryWaitsMs.length + 1 },
    });
  });

  it('waits for as long as the endpoint asks, and for a day at most (WH3)', () => {
    const waitOf = (retryAfterMs: number) => settleDelivery(before, failed(503, retryAfterMs), nowMs).end;
    expect(waitOf(1)).toMatchObject({ afterMs: 5_000 });
    expect(waitOf(60_000)).toMatchObject({ afterMs: 60_000 });
    expect(waitOf(Number.MAX_SAFE_INTEGER)).toMatchObject({ afterMs: 86_400_000 });
  });

  it('disables an endpoint that is gone, or that failed for days (WH4)', () => {
    expect(settleDelivery(before, failed(410), nowMs)).toMatchObject({
      disables: 'gone',
      end: { kind: 'failed' },
    });
    const since = (ms: number) =>
      settleDelivery({ ...before, failingSinceMs: nowMs - ms }, failed(500), nowMs);
    expect(since(disableAfterMs - 1).disables).toBeUndefined();
    expect(since(disableAfterMs)).toMatchObject({ disables: 'failing', end: { kind: 'failed' } });
  });

  it('of a test never repeats it, and never disables (WH5)', () => {
    for (const result of [failed(410), failed(500), failed()])
      expect(
        settleDelivery({ isTest: true, step: 0, failingSinceMs: nowMs - 2 * disableAfterMs }, result, nowMs),
      ).toEqual({ end: { kind: 'failed', step: 1 } });
  });

  it('always ends the delivery or raises its step, so a delivery ends', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.integer({ min: 100, max: 599 }), fc.nat(), (step, statusCode, asked) => {
        const { end } = settleDelivery({ ...before, step }, failed(statusCode, asked), nowMs);
        if (end.kind === 'retried') {
          expect(end.step).toBe(step + 1);
          expect(step).toBeLessThan(deliveryWaitsMs.length);
          expect(end.afterMs).toBeLessThanOrEqual(86_400_000);
        } else expect(end.kind).toBe('failed');
      }),
    );
  });
});

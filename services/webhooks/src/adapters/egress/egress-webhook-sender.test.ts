import type { Attempt, EgressRequest } from '@action-mesh/egress';
import { FakeClock } from '@action-mesh/kernel/testing';

import { EgressWebhookSender } from './egress-webhook-sender.js';

const message = { url: 'https://example.com/', headers: { 'webhook-id': 'a' }, body: '{}' };

function answered(status: number, headers: Record<string, string> = {}): Attempt {
  const body = Buffer.from('inner secret');
  return { kind: 'response', status, headers, body, bodyComplete: true, truncated: false, durationMs: 1 };
}

function send(attempt: Attempt, stop = new AbortController()) {
  const asked: EgressRequest[] = [];
  const egress = {
    request: (request: EgressRequest) => {
      asked.push(request);
      return Promise.resolve(attempt);
    },
  };
  const sender = new EgressWebhookSender(egress, stop.signal, new FakeClock());
  return { asked, result: sender.send(message) };
}

describe('a sent webhook', () => {
  it('is a POST with bounds', async () => {
    const { asked, result } = send(answered(204));
    await expect(result).resolves.toEqual({ isDelivered: true, statusCode: 204 });
    expect(asked).toMatchObject([
      { method: 'POST', deadlineMs: 15_000, maxResponseBytes: 16_384, ...message },
    ]);
  });

  it.each([
    [500, 'the answer has the status 500'],
    [404, 'the answer has the status 404'],
    [302, 'the answer has the status 302; redirects are not followed'],
  ])('with the status %i failed, without the content of the answer', async (status, failure) => {
    const { result } = send(answered(status, { location: 'https://other.example/' }));
    await expect(result).resolves.toEqual({ isDelivered: false, statusCode: status, failure });
  });

  it.each([
    ['120', 120_000],
    [new Date(new FakeClock().now() + 60_000).toUTCString(), 60_000],
    ['soon', undefined],
    ['7 days', undefined],
    ['-5', undefined],
  ])('hears Retry-After: %s', async (text, retryAfterMs) => {
    const result = await send(answered(503, { 'retry-after': text })).result;
    if (retryAfterMs === undefined) expect(result).not.toHaveProperty('retryAfterMs');
    else expect(Math.abs((result?.retryAfterMs ?? 0) - retryAfterMs)).toBeLessThan(1_000);
  });

  it('without an answer failed, and names no inner address', async () => {
    const denied: Attempt = {
      kind: 'not_sent',
      reason: 'denied',
      code: 'EGRESS_DENIED_ADDRESS',
      message: 'not allowed',
      detail: '10.0.0.7',
      retryable: false,
    };
    await expect(send(denied).result).resolves.toEqual({ isDelivered: false, failure: 'not allowed' });
  });

  it('is not judged while the service stops', async () => {
    const stop = new AbortController();
    stop.abort();
    const aborted: Attempt = {
      kind: 'indeterminate',
      reason: 'aborted',
      message: 'm',
      detail: 'd',
      durationMs: 1,
    };
    await expect(send(aborted, stop).result).resolves.toBeUndefined();
  });
});

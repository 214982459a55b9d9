import { Webhook } from 'standardwebhooks';

import { verifyWebhook } from './verify-webhook.js';

const secret = `whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`;
const now = new Date('2026-11-30T12:00:00Z');
const body = '{"type":"outcome.succeeded","data":{"id":7615917337495251231}}';

function headersFor(text: string, at = now, key = secret): Record<string, string> {
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at.getTime() / 1_000),
    'webhook-signature': new Webhook(key).sign('msg_1', at, text),
  };
}

describe('a webhook', () => {
  it('that the library of Standard Webhooks signed is verified, in text and in bytes', async () => {
    const expected = {
      id: 'msg_1',
      timestamp: now,
      type: 'outcome.succeeded',
      data: { id: '7615917337495251231' },
    };
    expect(await verifyWebhook(body, headersFor(body), secret, { now })).toEqual(expected);
    const bytes = new TextEncoder().encode(body);
    expect(await verifyWebhook(bytes, new Headers(headersFor(body)), secret, { now })).toEqual(expected);
  });

  it('is verified by one of several signatures, as while a secret is replaced', async () => {
    const headers = headersFor(body);
    const signature = `v1,AAAA v2,zzz ${headers['webhook-signature'] ?? ''}`;
    const verified = verifyWebhook(body, { ...headers, 'webhook-signature': signature }, secret, { now });
    await expect(verified).resolves.toMatchObject({ id: 'msg_1' });
  });

  const ms = (count: number): Date => new Date(now.getTime() + count);
  const other = `whsec_${Buffer.from('another secret').toString('base64')}`;
  it.each([
    ['another body', `${body} `, headersFor(body), secret, 'webhook_signature_invalid'],
    ['another secret', body, headersFor(body, now, other), secret, 'webhook_signature_invalid'],
    ['another id', body, { ...headersFor(body), 'webhook-id': 'msg_2' }, secret, 'webhook_signature_invalid'],
    ['an old time', body, headersFor(body, ms(-301_000)), secret, 'webhook_too_old'],
    ['a future time', body, headersFor(body, ms(301_000)), secret, 'webhook_too_old'],
    [
      'no signature',
      body,
      { ...headersFor(body), 'webhook-signature': undefined },
      secret,
      'webhook_header_missing',
    ],
    [
      'a wrong time',
      body,
      { ...headersFor(body), 'webhook-timestamp': 'now' },
      secret,
      'webhook_header_invalid',
    ],
    ['a secret that is none', body, headersFor(body), 'whsec_?', 'webhook_secret_invalid'],
  ])('with %s is refused', async (_, text, headers, key, code) => {
    await expect(verifyWebhook(text, headers, key, { now })).rejects.toMatchObject({ code });
  });
});

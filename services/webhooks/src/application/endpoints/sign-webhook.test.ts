import { createHmac } from 'node:crypto';

import { Webhook } from 'standardwebhooks';

import { newWebhookSecret, signWebhook } from './sign-webhook.js';

const now = new Date();
const body = '{"type":"call.succeeded"}';

describe('a signed webhook', () => {
  it('is accepted by the library of Standard Webhooks, and by no other secret', () => {
    const [secret, other] = [newWebhookSecret(), newWebhookSecret()];
    const headers = signWebhook('msg', body, [secret], now);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(other).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });

  it('has the signature that the specification describes', () => {
    const secret = newWebhookSecret();
    const headers = signWebhook('msg', body, [secret], now);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(key).toHaveLength(32);
    const signed = `msg.${headers['webhook-timestamp'] ?? ''}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
  });

  it('is accepted by both secrets during an overlap', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const headers = signWebhook('msg', body, secrets, now);
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeDefined();
  });
});

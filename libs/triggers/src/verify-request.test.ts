import { createHmac } from 'node:crypto';

import type { TriggerScheme } from '@action-mesh/contracts/gateway';
import { Webhook } from 'standardwebhooks';

import { verifyRequest, type SignedRequest, type VerifiableTrigger } from './index.js';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const seconds = String(nowMs / 1_000);
const url = 'https://mesh.example.com/hooks/acme/lead';
const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const requestOf = (
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  more: Partial<SignedRequest> = {},
): SignedRequest => ({ method: 'POST', url, headers, body: Buffer.from(body), ...more });

const triggerOf = (
  scheme: TriggerScheme,
  secret: string,
  more: Partial<VerifiableTrigger> = {},
): VerifiableTrigger => ({ scheme, secrets: [{ secret }], ...more });

const hmac = (
  secret: string,
  text: string,
  encoding: 'hex' | 'base64' = 'hex',
  algorithm = 'sha256',
): string => createHmac(algorithm, secret).update(text).digest(encoding);

interface Sample {
  readonly trigger: VerifiableTrigger;
  readonly request: SignedRequest;
  readonly nowMs: number;
  readonly signature: string;
  readonly deliveryId?: string;
  /** The scheme signs a time. */
  readonly isTimed: boolean;
}

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const hubspotUrl = `${url}?shop=a%3Ab`;
const body = '{"id":"evt_1","n":1}';

/** The first three are the vectors of the vendors' documents. Node's own HMAC makes the others. */
const samples: Readonly<Record<string, Sample>> = {
  'Standard Webhooks': {
    trigger: triggerOf('standard_webhooks', standardSecret),
    request: requestOf('{"test": 2432232314}', {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo= v2,MzJsNDk4MzI0K2 v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    }),
    nowMs: 1_614_265_330_000,
    signature: 'webhook-signature',
    deliveryId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    isTimed: true,
  },
  Slack: {
    trigger: triggerOf('slack', '8f742231b10e8888abcd99yyyzzz85a5'),
    request: requestOf(slackBody, {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    }),
    nowMs: 1_531_420_618_000,
    signature: 'x-slack-signature',
    isTimed: true,
  },
  GitHub: {
    trigger: triggerOf('github', "It's a Secret to Everybody"),
    request: requestOf('Hello, World!', {
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    }),
    nowMs,
    signature: 'x-hub-signature-256',
    deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    isTimed: false,
  },
  Stripe: {
    trigger: triggerOf('stripe', 'whsec_of_stripe_1234'),
    request: requestOf(body, {
      'stripe-signature': `t=${seconds},v1=${'0'.repeat(64)},v1=${hmac('whsec_of_stripe_1234', `${seconds}.${body}`)},v0=${'1'.repeat(64)}`,
    }),
    nowMs,
    signature: 'stripe-signature',
    isTimed: true,
  },
  HubSpot: {
    trigger: triggerOf('hubspot', 'client-secret-of-app'),
    request: requestOf(
      body,
      {
        'x-hubspot-request-timestamp': String(nowMs),
        'x-hubspot-signature-v3': hmac(
          'client-secret-of-app',
          `POST${url}?shop=a:b${body}${nowMs}`,
          'base64',
        ),
      },
      { url: hubspotUrl },
    ),
    nowMs,
    signature: 'x-hubspot-signature-v3',
    isTimed: true,
  },
  Shopify: {
    trigger: triggerOf('shopify', 'client-secret-of-app'),
    request: requestOf(body, {
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'x-shopify-hmac-sha256': hmac('client-secret-of-app', body, 'base64'),
    }),
    nowMs,
    signature: 'x-shopify-hmac-sha256',
    deliveryId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    isTimed: false,
  },
  'a generic form': {
    trigger: triggerOf('hmac', 'any secret of a tenant', {
      hmac: {
        header: 'x-sig',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v9=',
        timestamp_header: 'x-time',
        id_header: 'x-id',
        signed: ['method', { text: ':' }, 'path', 'timestamp', { text: '.' }, 'id', 'body'],
      },
    }),
    request: requestOf(body, {
      'x-time': '2026-11-30T12:00:00Z',
      'x-id': 'd-1',
      'x-sig': `v9=${hmac('any secret of a tenant', `POST:/hooks/acme/lead2026-11-30T12:00:00Z.d-1${body}`, 'base64', 'sha512')}`,
    }),
    nowMs,
    signature: 'x-sig',
    deliveryId: 'd-1',
    isTimed: true,
  },
};

describe.each(Object.entries(samples))('a request of %s', (_name, sample) => {
  const { trigger, request, signature } = sample;
  const with_ = (headers: Readonly<Record<string, string | undefined>>): SignedRequest => ({
    ...request,
    headers: { ...request.headers, ...headers },
  });

  it('passes with its signature, and has its id', () => {
    expect(verifyRequest(trigger, request, sample.nowMs)).toEqual({
      ok: true,
      deliveryId: sample.deliveryId,
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      isReplaySafe: sample.isTimed,
    });
  });

  it('does not pass with one changed bit of its body or its signature (WS1)', () => {
    const changed = Buffer.from(request.body);
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(verifyRequest(trigger, { ...request, body: changed }, sample.nowMs)).toMatchObject({ ok: false });
    expect(
      verifyRequest(
        trigger,
        { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) },
        sample.nowMs,
      ),
    ).toMatchObject({ ok: false });
    const text = String(request.headers[signature]);
    const at = text.length - 4;
    const other = text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
    if (sample !== samples['Stripe'])
      expect(verifyRequest(trigger, with_({ [signature]: other }), sample.nowMs)).toMatchObject({
        ok: false,
      });
  });

  it('does not pass with the secret of another trigger, an expired one, or none (WS1)', () => {
    const others = [
      [{ secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
      trigger.secrets.map(({ secret }) => ({ secret, expiresAtMs: sample.nowMs })),
      [],
    ];
    for (const secrets of others)
      expect(verifyRequest({ ...trigger, secrets }, request, sample.nowMs)).toEqual({
        ok: false,
        fault: 'signature_wrong',
      });
  });

  it('passes with each of several secrets, until it expires', () => {
    const secrets = [
      { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      ...trigger.secrets.map(({ secret }) => ({ secret, expiresAtMs: sample.nowMs + 1 })),
    ];
    expect(verifyRequest({ ...trigger, secrets }, request, sample.nowMs)).toMatchObject({ ok: true });
  });

  it('passes within the tolerance alone, where the time is signed (WS3)', () => {
    const at = (ms: number, tolerance?: number) =>
      verifyRequest(
        tolerance === undefined ? trigger : { ...trigger, tolerance_seconds: tolerance },
        request,
        sample.nowMs + ms,
      ).ok;
    expect([at(299_000), at(-299_000)]).toEqual([true, true]);
    expect([at(301_000), at(-301_000)]).toEqual([!sample.isTimed, !sample.isTimed]);
    expect([at(301_000, 600), at(20_000, 10)]).toEqual([true, !sample.isTimed]);
  });

  it('names the fault of a header that is absent, empty, doubled or huge', () => {
    for (const value of [undefined, '', 'x'.repeat(100_000), `${signature} ${'='.repeat(2_000)}`])
      expect(verifyRequest(trigger, with_({ [signature]: value }), sample.nowMs)).toMatchObject({
        ok: false,
        fault: expect.stringMatching(/^(signature|time)_(missing|malformed)$/) as unknown,
      });
    const doubled = { ...request.headers, [signature]: [String(request.headers[signature]), 'x'] };
    expect(verifyRequest(trigger, { ...request, headers: doubled }, sample.nowMs).ok).toBe(false);
  });
});

describe('verifyRequest', () => {
  it('agrees with the library of Standard Webhooks, also on bytes beyond ASCII', () => {
    const text = '{"name":"Ada ✓"}';
    const at = new Date(nowMs);
    const signature = new Webhook(standardSecret).sign('msg_1', at, text);
    const request = requestOf(text, {
      'webhook-id': 'msg_1',
      'webhook-timestamp': seconds,
      'webhook-signature': signature,
    });
    expect(verifyRequest(triggerOf('standard_webhooks', standardSecret), request, nowMs).ok).toBe(true);
  });

  it('covers raw bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const secret = 'a secret of github';
    const signature = createHmac('sha256', secret).update(bytes).digest('hex');
    const headers = { 'x-github-delivery': 'd', 'x-hub-signature-256': `sha256=${signature}` };
    expect(verifyRequest(triggerOf('github', secret), requestOf(bytes, headers), nowMs).ok).toBe(true);
  });

  it('opens no trigger of the scheme api_key', () => {
    expect(verifyRequest(triggerOf('api_key', 'x'.repeat(20)), requestOf('{}', {}), nowMs).ok).toBe(false);
  });

  it('reads hostile headers in linear time', () => {
    const trigger = triggerOf('stripe', 'whsec_of_stripe_1234');
    const hostile = `t=${seconds},${'v1=,'.repeat(500)}`.slice(0, 2_048);
    const startMs = performance.now();
    for (let index = 0; index < 500; index += 1)
      verifyRequest(trigger, requestOf('', { 'stripe-signature': hostile }), nowMs);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

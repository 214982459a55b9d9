import type { Attempt, EgressRequest, Responded } from '@action-mesh/egress';

import { signingJwk } from '../../domain/signing-key.fake.js';
import { EgressJwkSetSource } from './egress-jwk-set-source.js';

const key = signingJwk('EC', { kid: 'k1' });

function answer(changes: Partial<Responded> = {}): Responded {
  return {
    kind: 'response',
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify({ keys: [key] })),
    bodyComplete: true,
    truncated: false,
    durationMs: 1,
    ...changes,
  };
}

function sourceOf(attempt: Attempt) {
  const requests: EgressRequest[] = [];
  const source = new EgressJwkSetSource({
    request: (request) => {
      requests.push(request);
      return Promise.resolve(attempt);
    },
  });
  return { source, requests };
}

describe('EgressJwkSetSource', () => {
  it('reads a set within bounds of time and size', async () => {
    const { source, requests } = sourceOf(answer());
    expect(await source.read('https://a.example/jwks')).toEqual({ keys: [key], leftOut: [] });
    expect(requests).toMatchObject([
      { method: 'GET', url: 'https://a.example/jwks', deadlineMs: 5_000, maxResponseBytes: 262_144 },
    ]);
  });

  it.each<[string, Attempt, string]>([
    ['a redirect', answer({ status: 302 }), 'the answer has the status 302'],
    ['an error', answer({ status: 500 }), 'the answer has the status 500'],
    ['a longer answer', answer({ truncated: true, bodyComplete: false }), 'the answer is longer than 256 kB'],
    ['a broken answer', answer({ bodyComplete: false }), 'the answer is not whole'],
    ['an unknown coding', answer({ undecoded: 'x' }), 'the answer is not whole'],
    ['no JWK set', answer({ body: Buffer.from('root:x:0:0') }), 'the answer is no JWK set'],
    [
      'a refused address',
      {
        kind: 'not_sent',
        reason: 'denied',
        code: 'EGRESS_DENIED_ADDRESS',
        message: 'the destination or the request is not allowed by the egress policy',
        detail: '10.0.0.7 (private)',
        retryable: false,
      },
      'the destination or the request is not allowed by the egress policy',
    ],
  ])('names %s, and no part of the answer', async (_what, attempt, problem) => {
    expect(await sourceOf(attempt).source.read('https://a.example/jwks')).toEqual({ problem });
  });
});

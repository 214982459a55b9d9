import { idTokenClaims } from './id-token-claims.js';

const parties = { clientId: 'c1', issuer: 'https://login.example.com', nowMs: 1_000_000 };
const ours = { iss: parties.issuer, aud: 'c1', sub: 'ada', exp: 2_000 };

function token(claims: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
}

describe('idTokenClaims', () => {
  it.each([
    ['for this client', ours],
    ['for this client among others', { ...ours, aud: ['other', 'c1'], azp: 'c1' }],
  ])('reads a token %s', (_what, claims) => {
    expect(idTokenClaims(token(claims), parties)).toMatchObject({ sub: 'ada' });
  });

  it('reads a token of any issuer where nobody knows the issuer', () => {
    expect(idTokenClaims(token({ ...ours, iss: 'x' }), { ...parties, issuer: undefined })).toMatchObject({
      sub: 'ada',
    });
  });

  it.each<[string, unknown]>([
    ['for another client', token({ ...ours, aud: 'other' })],
    ['that another client got', token({ ...ours, aud: ['other', 'c1'], azp: 'other' })],
    ['of another issuer', token({ ...ours, iss: 'https://login.example.com/' })],
    ['that has expired', token({ ...ours, exp: 1_000 })],
    ['without an end', token({ ...ours, exp: undefined })],
    ['with a list as claims', token([ours])],
    ['without a signature', token(ours).split('.').slice(0, 2).join('.')],
    ['that is no JSON', 'a.b.c'],
    ['that is no text', { sub: 'ada' }],
    ['without an end to its text', `${token(ours)}${'x'.repeat(20_000)}`],
  ])('ignores a token %s', (_what, text) => {
    expect(idTokenClaims(text, parties)).toBeUndefined();
  });
});

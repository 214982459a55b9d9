import { generateKeyPairSync } from 'node:crypto';

import { checkSigningKey } from './signing-key.js';
import { signingJwk } from './signing-key.fake.js';

const curve = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });

describe('checkSigningKey', () => {
  it.each(['RSA', 'EC', 'OKP'] as const)('takes a public %s key', (kty) => {
    const key = signingJwk(kty, { kid: 'k1' });
    expect(checkSigningKey(key)).toEqual({ ok: true, key });
  });

  it('gives a key without an algorithm the usual one of its type', () => {
    const { alg: _alg, ...key } = signingJwk('RSA');
    expect(checkSigningKey(key)).toMatchObject({ ok: true, key: { alg: 'RS256' } });
    expect(checkSigningKey({ ...key, alg: 'PS256' })).toMatchObject({ ok: true, key: { alg: 'PS256' } });
  });

  it('keeps the members that a verifier needs, and no others', () => {
    const key = signingJwk('EC', { kid: 'k1' });
    expect(checkSigningKey({ ...key, use: 'sig', x5c: ['AAAA'], note: 'hello' })).toEqual({ ok: true, key });
  });

  it.each<[string, string, unknown]>([
    ['a text', 'is not an object', 'k1'],
    ['a symmetric key', 'is of no supported type', { kty: 'oct', k: 'AAAA', alg: 'HS256' }],
    ['a symmetric algorithm', 'supported algorithm', signingJwk('RSA', { alg: 'HS256' })],
    ['the algorithm none', 'supported algorithm', signingJwk('RSA', { alg: 'none' })],
    ['an algorithm of another type', 'of another type', signingJwk('RSA', { alg: 'ES256' })],
    ['a key for encryption', 'not for signatures', signingJwk('RSA', { use: 'enc' })],
    ['a key that only signs', 'not for verification', signingJwk('EC', { key_ops: ['sign'] })],
    ['a private key', 'not a public key', signingJwk('EC', { d: 'AAAA' })],
    ['an RSA key of 1024 bits', 'has 1024 bits', signingJwk('RSA', {}, 1_024)],
    ['an RSA key of 16384 bits', 'has 16384 bits', signingJwk('RSA', { n: `${'_'.repeat(2_730)}8` })],
    ['the exponent one', 'exponent', signingJwk('RSA', { e: 'AQ' })],
    ['an even exponent', 'exponent', signingJwk('RSA', { e: 'BA' })],
    ['the curve P-384', 'curve', curve('P-384')],
    ['the curve secp256k1', 'curve', curve('secp256k1')],
    ['a point off the curve', 'is damaged', signingJwk('EC', { y: signingJwk('EC')['x'] })],
    [
      'a curve for key agreement',
      'supported type',
      generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }),
    ],
    ['missing members', 'is damaged', { kty: 'EC', alg: 'ES256' }],
    ['members of another type', 'is damaged', signingJwk('RSA', { n: { length: 342 } })],
    ['an endless id', 'not a public key', signingJwk('EC', { kid: 'k'.repeat(201) })],
  ])('leaves out %s', (_what, reason, candidate) => {
    expect(checkSigningKey(candidate)).toEqual({
      ok: false,
      reason: expect.stringContaining(reason) as unknown,
    });
  });
});

import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import type { PublicJwk } from '@action-mesh/contracts/auth-broker';

/** A fresh public key for signatures as a JWK, with members that replace its own. */
export function signingJwk(
  kty: PublicJwk['kty'],
  more: Readonly<Record<string, unknown>> = {},
  rsaBits = 2_048,
): PublicJwk {
  const alg = { RSA: 'RS256', EC: 'ES256', OKP: 'EdDSA' }[kty];
  return { alg, ...publicKey(kty, rsaBits).export({ format: 'jwk' }), ...more } as PublicJwk;
}

function publicKey(kty: PublicJwk['kty'], modulusLength: number): KeyObject {
  switch (kty) {
    case 'RSA':
      return generateKeyPairSync('rsa', { modulusLength }).publicKey;
    case 'EC':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    case 'OKP':
      return generateKeyPairSync('ed25519').publicKey;
  }
}

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import { publicJwkSchema, type PublicJwk } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

/** A usable public key of an issuer, or the reason why doors do not use it. */
export type CheckedSigningKey =
  | { readonly ok: true; readonly key: PublicJwk }
  | { readonly ok: false; readonly reason: string };

const fewestRsaBits = 2_048;
/** A longer modulus makes each verification slow. */
const mostRsaBits = 8_192;
const leastExponent = 3n;

/** The algorithms of each kind of key. The first is the algorithm of a key that names none. */
const algorithms = { RSA: ['RS256', 'PS256'], EC: ['ES256'], OKP: ['EdDSA'] } as const;

/**
 * Checks a JWK (RFC 7517) of an issuer. Only public RSA keys from 2048 bits on, P-256 and Ed25519 keys for signatures
 * pass. The result has the members that a verifier needs and no others.
 */
export function checkSigningKey(candidate: unknown): CheckedSigningKey {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate))
    return refused('is not an object');
  const { kty, use, key_ops: operations } = candidate as Record<string, unknown>;
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return refused('is of no supported type');
  if (use !== undefined && use !== 'sig') return refused('is not for signatures');
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return refused('is not for verification');
  const [usual, ...others] = algorithms[kty];
  const read = publicJwkSchema.safeParse({ alg: usual, ...candidate });
  if (!read.success) return refused('is not a public key with a supported algorithm');
  if (![usual, ...others].some((alg) => alg === read.data.alg))
    return refused('has an algorithm of another type');
  const key = necessaryMembers(read.data);
  const problem = strengthProblem(key);
  return problem === undefined ? { ok: true, key } : refused(problem);
}

/** Drops all members that a verification does not need, such as certificates. */
function necessaryMembers(jwk: PublicJwk): PublicJwk {
  const { kty, kid, alg } = jwk;
  const texts = Object.fromEntries(
    (kty === 'RSA' ? ['n', 'e'] : kty === 'EC' ? ['crv', 'x', 'y'] : ['crv', 'x']).map((name) => [
      name,
      jwk[name],
    ]),
  );
  return { kty, alg, ...texts, ...defined({ kid }) };
}

function strengthProblem(jwk: PublicJwk): string | undefined {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return 'is damaged';
  }
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < fewestRsaBits || modulusLength > mostRsaBits)
        return `has ${modulusLength} bits; ${fewestRsaBits} to ${mostRsaBits} are usable`;
      return publicExponent < leastExponent || publicExponent % 2n === 0n
        ? 'has an unusable exponent'
        : undefined;
    case 'ec':
      return namedCurve === 'prime256v1' ? undefined : 'is on a curve other than P-256';
    case 'ed25519':
      return undefined;
    default:
      return 'is of no supported type';
  }
}

function refused(reason: string): CheckedSigningKey {
  return { ok: false, reason };
}

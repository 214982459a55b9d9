import type { PublicJwk, TenantIdentity } from '@action-mesh/contracts/auth-broker';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

import { userTokenAudience } from './user-tokens.js';

/** A signer of user tokens for one tenant. */
export class SampleIssuer {
  /** The entry for the tenant's issuers. */
  readonly identity: TenantIdentity['issuers'][number];
  readonly #tenantId: string;
  readonly #signing: CryptoKey;

  private constructor(tenantId: string, signing: CryptoKey, jwk: PublicJwk) {
    this.#tenantId = tenantId;
    this.#signing = signing;
    this.identity = { issuer: `https://login.${tenantId}.example`, keys: [jwk] };
  }

  static async of(tenantId: string): Promise<SampleIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    return new SampleIssuer(tenantId, privateKey, {
      ...(await exportJWK(publicKey)),
      kty: 'EC',
      alg: 'ES256',
      kid: 'k1',
    });
  }

  /** A token for a user, with five minutes of life from now on. */
  token(userId: string, more: JWTPayload = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const { issuer } = this.identity;
    const claims = {
      iss: issuer,
      aud: userTokenAudience(this.#tenantId),
      sub: userId,
      iat: now,
      exp: now + 300,
    };
    return new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(this.#signing);
  }
}

import { createHash, hkdfSync } from 'node:crypto';

import { integrationIdSchema, tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import { callIdSchema, nameSchema } from '@action-mesh/contracts/gateway';
import { jwtVerify, SignJWT, type JWK } from 'jose';
import { z } from 'zod';

/** The longest time from a request to its use, and from a lease to its use, in seconds. */
export const exchangeSeconds = 60;
/** The difference between two clocks of the mesh that is tolerated, in seconds. */
export const clockToleranceSeconds = 5;

const publicKeySchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: z.string().length(43),
});

const scopeSchema = z.string().min(1).max(300);

const requestSchema = z.object({
  /** The instance of the executor. Its lease is encrypted to `key`. */
  recipient: z.uuid(),
  key: publicKeySchema,
  tenant_id: tenantIdSchema,
  user_id: nameSchema,
  integration: integrationIdSchema,
  call_id: callIdSchema,
  /** Absent: the user's default connection. */
  connection_id: z.uuid().exactOptional(),
  /** The provider refused the credential of this version, so only a newer one helps. */
  not_version: z.int().min(1).exactOptional(),
  /** The scopes that the tool needs, as alternatives. One of them must be granted completely. */
  scopes: z.array(z.array(scopeSchema).max(100)).max(20).exactOptional(),
});

/** The content of a request for a credential. `id` is unique, and the lease repeats it. */
export type TokenRequest = z.infer<typeof requestSchema> & { readonly id: string };

/** A key for one purpose, made from the key that the services of a mesh share. */
export function purposeKey(
  serviceKey: string,
  purpose: 'token-request' | 'token-lease' | 'connect-link' | 'connect-token' | 'trigger-secrets',
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', serviceKey, 'action-mesh', purpose, 32));
}

/** The key of a request on its topic: a digest, because keys of records hold no personal data. */
export function subjectOf({
  tenant_id: tenantId,
  user_id: userId,
  integration,
}: Pick<TokenRequest, 'tenant_id' | 'user_id' | 'integration'>): string {
  return createHash('sha256')
    .update(JSON.stringify([tenantId, userId, integration]))
    .digest('hex');
}

/** Signs a request. Brokers refuse it after 60 s. */
export async function signTokenRequest(
  { id, ...content }: TokenRequest,
  key: Uint8Array,
  nowMs: number,
): Promise<string> {
  const seconds = Math.floor(nowMs / 1_000);
  return new SignJWT(content)
    .setProtectedHeader({ alg: 'HS256', typ: 'token-request+jwt' })
    .setJti(id)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + exchangeSeconds)
    .sign(key);
}

/** The content of a request, or undefined if its signature, its age or its form is wrong. */
export async function readTokenRequest(
  text: string,
  key: Uint8Array,
  nowMs: number,
): Promise<TokenRequest | undefined> {
  try {
    const { payload } = await jwtVerify(text, key, {
      algorithms: ['HS256'],
      typ: 'token-request+jwt',
      currentDate: new Date(nowMs),
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: exchangeSeconds,
      requiredClaims: ['jti', 'iat', 'exp'],
    });
    const { jti: id, ...rest } = payload;
    const read = requestSchema.safeParse(rest);
    return read.success && typeof id === 'string' ? { ...read.data, id } : undefined;
  } catch {
    return undefined;
  }
}

/** The public half of an executor's key, in the form of a request. */
export function publicKeyOf({ x }: JWK): TokenRequest['key'] {
  return publicKeySchema.parse({ kty: 'OKP', crv: 'X25519', x });
}

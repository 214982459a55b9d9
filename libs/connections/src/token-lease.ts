import {
  accountSchema,
  hostRuleSchema,
  integrationIdSchema,
  tenantIdSchema,
} from '@action-mesh/contracts/auth-broker';
import { callIdSchema, nameSchema } from '@action-mesh/contracts/gateway';
import {
  decodeProtectedHeader,
  compactDecrypt,
  CompactEncrypt,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
} from 'jose';
import { z } from 'zod';

import { clockToleranceSeconds, exchangeSeconds, type TokenRequest } from './token-request.js';

const keyManagement = 'ECDH-ES';
const contentEncryption = 'A256GCM';
const leaseType = 'token-lease+jwt';

/** A part of a credential in a request: a header or a query parameter. */
const placeSchema = z.object({
  in: z.enum(['header', 'query']),
  name: z.string().min(1).max(200),
  value: z.string().max(20_000),
});
export type CredentialPlace = z.infer<typeof placeSchema>;

const credentialSchema = z.object({
  connection_id: z.uuid(),
  /** The version of the credential. A request with `not_version` gets a higher one. */
  version: z.int().min(1),
  places: z.array(placeSchema).max(20),
  /** Replaces the beginning of the tool's address: the provider gives each account an address of its own. */
  base: z.object({ from: z.string().max(500), to: z.string().max(500) }).exactOptional(),
  /** The only hosts that get the credential. */
  hosts: z.array(hostRuleSchema).min(1).max(50),
  account: accountSchema.exactOptional(),
  /** The granted scopes. Absent: the provider does not report them. */
  scopes: z.array(z.string().max(300)).max(1_000).exactOptional(),
  /** Milliseconds from the answer on until the provider stops accepting it. A duration needs no equal clocks. Absent: unknown. */
  valid_for_ms: z.int().exactOptional(),
});
/** The credential of a connection, as an executor uses it. */
export type LeasedCredential = z.infer<typeof credentialSchema>;

/**
 * Why there is no credential. The call waits for its user after `no_connection`, `needs_reauth` and `missing_scopes`, and
 * for the tenant after `no_integration` and `integration_broken`. `unavailable`: the provider or the broker cannot answer
 * now, and a later request may succeed. `rejected`: the provider refused a fresh credential too.
 */
const refusalCodes = [
  'no_integration',
  'integration_broken',
  'no_connection',
  'needs_reauth',
  'missing_scopes',
  'unavailable',
  'rejected',
] as const;

const refusalSchema = z.object({
  code: z.enum(refusalCodes),
  /** For people. */
  message: z.string().max(1_000),
  /** Where the user connects the account, or repairs the connection. */
  connect_url: z.string().max(4_000).exactOptional(),
  missing_scopes: z.array(z.string()).exactOptional(),
  connection_id: z.uuid().exactOptional(),
  retry_after_ms: z.int().min(0).exactOptional(),
});
/** The reason of a broker that gives no credential. */
export type LeaseRefusal = z.infer<typeof refusalSchema>;

/** The answer to a request: a credential, or a refusal. */
export type LeaseAnswer = { readonly credential: LeasedCredential } | { readonly refusal: LeaseRefusal };

const leaseSchema = z.object({
  tenant_id: tenantIdSchema,
  user_id: nameSchema,
  integration: integrationIdSchema,
  call_id: callIdSchema,
  credential: credentialSchema.exactOptional(),
  refusal: refusalSchema.exactOptional(),
});

/** Signs an answer and encrypts it to the key of its request. Only that executor can read it, for 60 s. */
export async function sealLease(
  request: TokenRequest,
  answer: LeaseAnswer,
  key: Uint8Array,
  nowMs: number,
): Promise<string> {
  const { tenant_id, user_id, integration, call_id, id, recipient } = request;
  const seconds = Math.floor(nowMs / 1_000);
  const signed = await new SignJWT({ tenant_id, user_id, integration, call_id, ...answer })
    .setProtectedHeader({ alg: 'HS256', typ: leaseType })
    .setJti(id)
    .setAudience(recipient)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + exchangeSeconds)
    .sign(key);
  const publicKey = await importJWK(request.key, keyManagement);
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: keyManagement, enc: contentEncryption, cty: 'JWT', kid: recipient, rid: id })
    .encrypt(publicKey);
}

/** The id of the request that a lease says it answers. Only {@link openLease} proves it. */
export function leaseRequestId(lease: string): string | undefined {
  try {
    const { rid } = decodeProtectedHeader(lease);
    return typeof rid === 'string' ? rid : undefined;
  } catch {
    return undefined;
  }
}

/** Why an executor takes no notice of a lease. */
export type LeaseFault = 'undecipherable' | 'unsigned' | 'expired' | 'foreign' | 'malformed';

/**
 * Opens the answer to exactly this request. It compares every field with the request. So it refuses a lease of another
 * user, call or executor, a replayed lease and an altered one.
 */
export async function openLease(
  lease: string,
  {
    request,
    privateKey,
    key,
    nowMs,
  }: {
    readonly request: TokenRequest;
    readonly privateKey: CryptoKey;
    readonly key: Uint8Array;
    readonly nowMs: number;
  },
): Promise<LeaseAnswer | LeaseFault> {
  let signed: string;
  try {
    const { plaintext } = await compactDecrypt(lease, privateKey, {
      keyManagementAlgorithms: [keyManagement],
      contentEncryptionAlgorithms: [contentEncryption],
    });
    signed = new TextDecoder().decode(plaintext);
  } catch {
    return 'undecipherable';
  }
  let payload: Record<string, unknown>;
  try {
    ({ payload } = await jwtVerify(signed, key, {
      algorithms: ['HS256'],
      typ: leaseType,
      currentDate: new Date(nowMs),
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['jti', 'aud', 'iat', 'exp'],
    }));
  } catch (error) {
    return isExpiry(error) ? 'expired' : 'unsigned';
  }
  const read = leaseSchema.safeParse(payload);
  if (!read.success) return 'malformed';
  const isForeign =
    payload['jti'] !== request.id ||
    payload['aud'] !== request.recipient ||
    (['tenant_id', 'user_id', 'integration', 'call_id'] as const).some(
      (name) => read.data[name] !== request[name],
    );
  if (isForeign) return 'foreign';
  const { credential, refusal } = read.data;
  if (credential !== undefined)
    return request.connection_id === undefined || request.connection_id === credential.connection_id
      ? { credential }
      : 'foreign';
  return refusal === undefined ? 'malformed' : { refusal };
}

function isExpiry(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED';
}

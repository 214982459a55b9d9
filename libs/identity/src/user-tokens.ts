import type { KeyScope, PublicJwk, TenantIdentity } from '@action-mesh/contracts/auth-broker';
import { tenantIdSchema } from '@action-mesh/contracts/auth-broker';
import { nameSchema } from '@action-mesh/contracts/gateway';
import {
  decodeJwt,
  errors,
  importJWK,
  jwtVerify,
  type CryptoKey,
  type JWK,
  type JWTPayload,
  type KeyObject,
} from 'jose';

import type { IdentityDirectory } from './identity-directory.js';
import type { Authentication } from './principal.js';

/** The scopes of a user token without the claim `scope`, and the most that the claim can give. */
const scopesOfUsers: readonly KeyScope[] = [
  'calls:write',
  'calls:read',
  'tools:read',
  'connections:read',
  'connections:write',
];
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const longestToken = 8_192;
const mostLifetimeSeconds = 3_600;
const clockSkewSeconds = 30;
const audiencePrefix = 'urn:action-mesh:';
/** Half a surrogate pair has no UTF-8, so no header and no table could carry the user. */
const userSchema = nameSchema.regex(/^\P{Surrogate}*$/u);

/** The audience of user tokens for a tenant. It selects the tenant, so a token of one tenant never opens another. */
export function userTokenAudience(tenantId: string): string {
  return audiencePrefix + tenantId;
}

/** Whether a bearer token has the form of a JWT. A key of the mesh has no dots. */
export function isUserToken(text: string): boolean {
  return text.startsWith('ey') && text.includes('.');
}

/**
 * Verifies user tokens: JWTs (RFC 7519) that a tenant signs for one of its users.
 *
 * - D4: only signatures of a registered key of the token's tenant count, with the algorithm of that key. Symmetric
 *   algorithms and `none` never count.
 * - D5: a token names one audience of this mesh, its issuer, one user, and an expiry within an hour of `iat`.
 * - D6: a token for a resource (RFC 8707) names its tenant by its issuer. An issuer of several tenants selects none.
 */
export class UserTokens {
  readonly #directory: IdentityDirectory;
  readonly #imported = new WeakMap<PublicJwk, Promise<CryptoKey | KeyObject | Uint8Array>>();

  constructor(directory: IdentityDirectory) {
    this.#directory = directory;
  }

  /**
   * The user of a token. With a `resource`, a token may name it as its audience instead of a tenant. `resource` is the
   * address of the protected resource, as an authorization server writes it into its tokens.
   */
  async authenticate(token: string, nowMs: number, resource?: string): Promise<Authentication> {
    if (!this.#directory.isComplete) return { ok: false, fault: 'not_ready' };
    const claimed = readClaims(token, resource);
    if (claimed === undefined) return { ok: false, fault: 'damaged' };
    const tenant =
      claimed.tenantId === undefined
        ? this.#directory.tenantOfIssuer(claimed.issuer)
        : this.#directory.tenant(claimed.tenantId);
    const issuer = tenant?.issuers.find((each) => each.issuer === claimed.issuer);
    if (tenant === undefined || issuer === undefined) return { ok: false, fault: 'unknown' };
    return this.#verify(token, tenant, issuer, nowMs, claimed.audience);
  }

  async #verify(
    token: string,
    tenant: TenantIdentity,
    { issuer, keys }: TenantIdentity['issuers'][number],
    nowMs: number,
    audience: string,
  ): Promise<Authentication> {
    try {
      const { payload } = await jwtVerify(token, ({ alg, kid }) => this.#key(keys, alg, kid), {
        algorithms,
        issuer,
        audience,
        clockTolerance: clockSkewSeconds,
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: mostLifetimeSeconds,
        currentDate: new Date(nowMs),
      });
      return accepted(tenant.id, issuer, payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return { ok: false, fault: error instanceof errors.JWTExpired ? 'expired' : 'unknown' };
    }
  }

  #key(keys: readonly PublicJwk[], alg: string, kid: string | undefined) {
    const found = keys.find((key) => key.alg === alg && (kid === undefined || key.kid === kid));
    if (found === undefined) throw new errors.JWKSNoMatchingKey();
    let imported = this.#imported.get(found);
    if (imported === undefined) {
      // The key of a record can be malformed. Then it verifies no token.
      imported = importJWK(found as JWK, found.alg).catch((cause: unknown) => {
        throw new errors.JWKInvalid('a registered key cannot be imported', { cause });
      });
      imported.catch(() => undefined);
      this.#imported.set(found, imported);
    }
    return imported;
  }
}

/** The parts of an unverified token that select the keys that it must be signed by. */
interface ClaimedParty {
  /** Absent: the audience is a resource, so the issuer selects the tenant. */
  readonly tenantId?: string;
  readonly issuer: string;
  readonly audience: string;
}

function readClaims(token: string, resource: string | undefined): ClaimedParty | undefined {
  if (token.length > longestToken) return undefined;
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch {
    return undefined;
  }
  const { aud, iss } = claims;
  if (typeof iss !== 'string') return undefined;
  // Many authorization servers list several audiences.
  if (resource !== undefined && [aud].flat().includes(resource)) return { issuer: iss, audience: resource };
  if (typeof aud !== 'string' || !aud.startsWith(audiencePrefix)) return undefined;
  const tenantId = tenantIdSchema.safeParse(aud.slice(audiencePrefix.length));
  return tenantId.success ? { tenantId: tenantId.data, issuer: iss, audience: aud } : undefined;
}

function accepted(
  tenantId: string,
  issuer: string,
  { sub, exp = 0, iat = 0, scope }: JWTPayload,
): Authentication {
  const user = userSchema.safeParse(sub);
  if (!user.success || exp - iat > mostLifetimeSeconds) return { ok: false, fault: 'unknown' };
  return {
    ok: true,
    principal: {
      tenantId,
      keyId: undefined,
      holder: user.data,
      scopes: new Set(scopesOf(scope)),
      tools: undefined,
      users: new Set([user.data]),
      quota: undefined,
      expiresAtMs: (exp + clockSkewSeconds) * 1_000,
      issuer,
    },
  };
}

/** The claim `scope` narrows (RFC 8693, section 4.2). Unknown words in it give nothing. */
function scopesOf(claim: unknown): readonly KeyScope[] {
  if (claim === undefined) return scopesOfUsers;
  if (typeof claim !== 'string') return [];
  const words = new Set(claim.split(' '));
  return scopesOfUsers.filter((scope) => words.has(scope));
}

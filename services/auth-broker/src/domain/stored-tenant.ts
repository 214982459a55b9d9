import type { PublicJwk, Quota, TenantIdentity, TenantView } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

/** An issuer in the record, with the last reading of its JWK set. */
export interface StoredIssuer {
  readonly issuer: string;
  readonly keys: readonly PublicJwk[];
  readonly leftOut: readonly string[];
  /** Absent: the tenant gave the keys themselves. */
  readonly jwksUrl?: string;
  readonly readAt?: string;
  /** Why the last reading failed. */
  readonly problem?: string;
}

/** A tenant in the record. */
export interface StoredTenant {
  readonly id: string;
  readonly quota?: Quota;
  readonly issuers: readonly StoredIssuer[];
  readonly createdAt: string;
}

/** The time for which the keys of the last good reading count, milliseconds. */
const readingCountsForMs = 24 * 3_600_000;

/** The tenant as doors know it. Keys of a JWK set that was not readable for a day verify nothing. */
export function tenantIdentity({ id, quota, issuers }: StoredTenant, nowMs: number): TenantIdentity {
  return {
    kind: 'tenant',
    id,
    ...defined({ quota }),
    issuers: issuers.map((each) => ({ issuer: each.issuer, keys: [...keysInForce(each, nowMs)] })),
  };
}

/** The tenant as its administrators see it. */
export function tenantView(tenant: StoredTenant, nowMs: number, published: boolean): TenantView {
  const { id, quota, issuers, createdAt } = tenant;
  return {
    id,
    ...defined({ quota }),
    issuers: issuers.map((each) => ({
      issuer: each.issuer,
      key_ids: keysInForce(each, nowMs).flatMap(({ kid }) => kid ?? []),
      left_out: [...each.leftOut],
      ...defined({ jwks_url: each.jwksUrl, read_at: each.readAt, problem: each.problem }),
    })),
    created_at: createdAt,
    published,
  };
}

function keysInForce({ keys, jwksUrl, readAt }: StoredIssuer, nowMs: number): readonly PublicJwk[] {
  if (jwksUrl === undefined) return keys;
  return readAt !== undefined && nowMs - Date.parse(readAt) < readingCountsForMs ? keys : [];
}

import { publicJwkSchema, quotaSchema } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { z } from 'zod';

import type { StoredTenant } from '../../domain/stored-tenant.js';

/** A tenant with its issuers as one JSON array. */
export interface TenantRow {
  readonly tenant_id: string;
  readonly quota: unknown;
  readonly created_at: Date;
  readonly issuers: unknown;
}

/** Selects `TenantRow`s of the tenants that exist. The caller adds further conditions. */
export const selectTenants = `
  SELECT tenant_id, quota, created_at, (
           SELECT coalesce(json_agg(json_build_object(
                    'issuer', issuer, 'keys', keys, 'jwks_url', jwks_url, 'left_out', left_out,
                    'read_at', read_at, 'problem', problem) ORDER BY position), '[]')
             FROM token_issuer i WHERE i.tenant_id = tenant.tenant_id) AS issuers
    FROM tenant WHERE removed_at IS NULL`;

const issuersSchema = z.array(
  z.object({
    issuer: z.string(),
    keys: z.array(publicJwkSchema),
    jwks_url: z.string().nullable(),
    left_out: z.array(z.string()),
    read_at: z.string().nullable(),
    problem: z.string().nullable(),
  }),
);

export function storedTenantOf(row: TenantRow): StoredTenant {
  return {
    id: row.tenant_id,
    createdAt: row.created_at.toISOString(),
    ...defined({ quota: quotaSchema.nullable().parse(row.quota) ?? undefined }),
    issuers: issuersSchema.parse(row.issuers).map((each) => ({
      issuer: each.issuer,
      keys: each.keys,
      leftOut: each.left_out,
      ...defined({
        jwksUrl: each.jwks_url ?? undefined,
        readAt: each.read_at === null ? undefined : new Date(each.read_at).toISOString(),
        problem: each.problem ?? undefined,
      }),
    })),
  };
}

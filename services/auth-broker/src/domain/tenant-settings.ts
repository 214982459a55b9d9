import {
  tenantIdSchema,
  tenantRequestSchema,
  type PublicJwk,
  type Quota,
} from '@action-mesh/contracts/auth-broker';
import { defined, schemaProblems } from '@action-mesh/kernel';

import { InvalidIdentityError, type IdentityProblem } from './auth-broker.errors.js';
import { readRequest } from './request.js';
import { checkSigningKey } from './signing-key.js';

/** An issuer of user tokens, with its keys or the address of its JWK set. */
export type TokenIssuer =
  | { readonly issuer: string; readonly keys: readonly PublicJwk[] }
  | { readonly issuer: string; readonly jwksUrl: string };

/** The settings of a tenant that its platform decides. */
export interface TenantSettings {
  readonly quota?: Quota;
  readonly issuers: readonly TokenIssuer[];
}

/** Reads the settings of a tenant. Errors: `AUTH_BROKER_INVALID`. */
export function readTenantSettings(tenantId: string, written: unknown): TenantSettings {
  const id = tenantIdSchema.safeParse(tenantId);
  if (!id.success) throw new InvalidIdentityError(schemaProblems(id.error.issues, '/tenant'));
  const { quota, issuers = [] } = readRequest(tenantRequestSchema, written);
  const problems: IdentityProblem[] = [];
  const seen = new Set<string>();
  const read = issuers.map(({ issuer, keys = [], jwks_url: jwksUrl }, index): TokenIssuer => {
    if (seen.has(issuer)) problems.push({ pointer: `/issuers/${index}/issuer`, message: 'appears twice' });
    seen.add(issuer);
    if (jwksUrl !== undefined) return { issuer, jwksUrl };
    const checked = keys.map((key) => checkSigningKey(key));
    for (const [place, each] of checked.entries())
      if (!each.ok) problems.push({ pointer: `/issuers/${index}/keys/${place}`, message: each.reason });
    return { issuer, keys: checked.flatMap((each) => (each.ok ? [each.key] : [])) };
  });
  if (problems.length > 0) throw new InvalidIdentityError(problems);
  return { issuers: read, ...defined({ quota }) };
}

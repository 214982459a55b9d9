import type { InternalCaller } from '@action-mesh/contracts';
import type { KeyScope, Role } from '@action-mesh/contracts/auth-broker';

import { MissingRightError, UnknownIdentityError } from './auth-broker.errors.js';

/**
 * The rights of callers over identities.
 *
 * - AB1: a caller gives, and takes over, no scope that it does not hold.
 * - AB2: a caller administers its own tenant. Only a caller with `tenants:admin` administers others.
 * - AB3: a caller without `tenants:admin` neither makes nor changes a key of the role `platform`.
 */

/** Requires the right to administer the keys of a tenant. Another tenant answers as an unknown one (AB2). */
export function requireKeyAdministration(caller: InternalCaller, tenantId: string): void {
  if (caller.scopes.has('tenants:admin')) return;
  if (caller.tenantId !== tenantId) throw new UnknownIdentityError('tenant');
  requireScopes(caller, ['keys:admin'], 'the administration of keys');
}

/** Requires every scope of a key that the caller creates or replaces (AB1, AB3). */
export function requireScopesOfKey(
  caller: InternalCaller,
  { role, scopes }: { readonly role: Role; readonly scopes: readonly KeyScope[] },
): void {
  requireScopes(
    caller,
    role === 'platform' ? [...scopes, 'tenants:admin'] : scopes,
    'a key with these rights',
  );
}

/** Requires scopes for an action. The error names the missing ones. */
export function requireScopes(
  { scopes: held }: InternalCaller,
  scopes: readonly KeyScope[],
  action: string,
): void {
  const missing = [...new Set(scopes)].filter((scope) => !held.has(scope));
  if (missing.length > 0) throw new MissingRightError(action, missing);
}

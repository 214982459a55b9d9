import type { InternalCaller } from '@action-mesh/contracts';
import {
  keyRequestSchema,
  roleScopes,
  type KeyRequest,
  type KeyScope,
  type KeyUse,
} from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

import { InvalidIdentityError, type IdentityProblem } from './auth-broker.errors.js';
import { readRequest } from './request.js';
import { requireScopesOfKey } from './rights.js';
import type { StoredKey } from './stored-key.js';

/** The properties of a key that its request decides. */
export type RequestedKey = Pick<StoredKey, 'role' | 'note'> & {
  readonly identity: Omit<StoredKey['identity'], 'kind' | 'id' | 'digest' | 'environment'>;
};

/**
 * A publisher token lies in records that every reader of `mesh.ingress` sees, so it gives no other right (AB4).
 */
const scopesOfPublishers: readonly KeyScope[] = ['calls:write'];

/**
 * A key with these scopes makes other keys. Bound to users or tools, it would make keys without the binding (AB5).
 */
const neverBound: readonly KeyScope[] = ['keys:admin', 'tenants:admin'];

/**
 * Reads the request for a key of a tenant, and checks it against the rights of the caller.
 *
 * - AB4: a publisher token has no scope but `calls:write`.
 * - AB5: a key that is bound to users or tools administers neither keys nor tenants.
 *
 * Errors: `AUTH_BROKER_INVALID`, `AUTH_BROKER_MISSING_RIGHT`.
 */
export function requestedKey(
  caller: InternalCaller,
  tenantId: string,
  written: unknown,
  nowMs: number,
): RequestedKey {
  const request = readRequest(keyRequestSchema, written);
  const use = request.use ?? 'api';
  const scopes = effectiveScopes(request, use);
  const problems = problemsOf(request, use, scopes, nowMs);
  if (request.role === 'platform' && tenantId !== caller.tenantId)
    problems.push({ pointer: '/role', message: 'platform exists only in the tenant of the platform' });
  if (problems.length > 0) throw new InvalidIdentityError(problems);
  requireScopesOfKey(caller, { role: request.role, scopes });
  const { tools, users, quota, expires_at: expiresAt } = request;
  return {
    role: request.role,
    ...defined({ note: request.note }),
    identity: {
      tenant_id: tenantId,
      use,
      holder: request.holder ?? caller.holder,
      scopes: [...scopes],
      ...defined({
        tools: distinct(tools),
        users: distinct(users),
        expires_at: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
        quota,
      }),
    },
  };
}

/** The scopes in the order of the role, each once. Scopes beyond the role are a problem of the request. */
function effectiveScopes({ role, scopes }: KeyRequest, use: KeyUse): readonly KeyScope[] {
  const most = use === 'publisher' ? scopesOfPublishers : roleScopes[role];
  return roleScopes[role].filter((scope) => most.includes(scope) && (scopes?.includes(scope) ?? true));
}

function problemsOf(
  { role, scopes = [], tools, users, expires_at: expiresAt }: KeyRequest,
  use: KeyUse,
  effective: readonly KeyScope[],
  nowMs: number,
): IdentityProblem[] {
  const problems: IdentityProblem[] = [];
  for (const [index, scope] of scopes.entries()) {
    const pointer = `/scopes/${index}`;
    if (!roleScopes[role].includes(scope))
      problems.push({ pointer, message: `is not a scope of the role ${role}` });
    else if (use === 'publisher' && !scopesOfPublishers.includes(scope))
      problems.push({ pointer, message: 'is not a scope of publisher tokens' });
  }
  if (use === 'publisher' && !roleScopes[role].includes('calls:write'))
    problems.push({ pointer: '/role', message: 'must be a role with calls:write for a publisher token' });
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > nowMs))
    problems.push({ pointer: '/expires_at', message: 'must be in the future' });
  const administers = effective.filter((scope) => neverBound.includes(scope));
  for (const [name, value] of Object.entries({ tools, users }))
    if (value !== undefined && administers.length > 0)
      problems.push({
        pointer: `/${name}`,
        message: `must be absent from a key with ${administers.join(' and ')}`,
      });
  return problems;
}

function distinct(values: readonly string[] | undefined): string[] | undefined {
  return values === undefined ? undefined : [...new Set(values)];
}

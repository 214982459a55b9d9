import { limitPolicySchema, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { schemaProblems } from '@action-mesh/kernel';

/** A problem in one part of a policy. */
export interface LimitProblem {
  readonly pointer: string;
  readonly message: string;
}

export type CheckedLimit =
  | { readonly ok: true; readonly policy: LimitPolicy }
  | { readonly ok: false; readonly problems: readonly LimitProblem[] };

const schema = limitPolicySchema.strict();

/** Reads a policy from the API or a file. Reports all problems at once. */
export function checkLimit(written: unknown): CheckedLimit {
  const read = schema.safeParse(written);
  if (!read.success) {
    return { ok: false, problems: schemaProblems(read.error.issues) };
  }
  const problems = problemsBetween(read.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy: read.data };
}

/**
 * Reads a limit that a tenant wrote. It covers the requests of that tenant alone, with or without a match on the
 * tenant. Only the operator can limit the requests of others.
 */
export function checkTenantLimit(tenantId: string, written: unknown): CheckedLimit {
  const read = schema.safeParse(written);
  if (!read.success) return { ok: false, problems: schemaProblems(read.error.issues) };
  const { match } = read.data;
  if (match.tenant !== undefined && match.tenant !== tenantId) {
    return {
      ok: false,
      problems: [{ pointer: '/match/tenant', message: 'must be your own tenant, or absent' }],
    };
  }
  return { ok: true, policy: { ...read.data, match: { ...match, tenant: tenantId }, owner: tenantId } };
}

/** Problems between the parts of a policy. */
function problemsBetween({ match }: LimitPolicy): LimitProblem[] {
  // Two tenants may use the same name for two people.
  if (match.user === undefined || match.tenant !== undefined) return [];
  return [{ pointer: '/match/tenant', message: 'is required with a user' }];
}

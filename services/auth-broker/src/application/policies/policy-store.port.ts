import type { PolicyContent, PolicyRule } from '@action-mesh/contracts/auth-broker';

import type { ChangedBy } from '../api-key-store.port.js';

/** The names of a policy. */
export interface PolicyName {
  readonly tenantId: string;
  readonly id: string;
}

/** The record of policies. A removed policy is not in it, and can be put again under its id. */
export interface PolicyStore {
  /** By id. */
  list(tenantId: string): Promise<readonly PolicyRule[]>;
  find(name: PolicyName): Promise<PolicyRule | undefined>;
  /**
   * Creates or changes a policy. `decide` gets the present policy while no other change of it can happen. It returns the
   * new content, or `unchanged`. It may throw. A policy that is put again after its removal goes on with a higher
   * revision.
   */
  put(
    name: PolicyName,
    decide: (before: PolicyRule | undefined) => PolicyContent | 'unchanged',
    by: ChangedBy,
  ): Promise<PolicyRule | 'no_tenant' | 'too_many'>;
  /** Removes a policy. `decide` gets it, and may throw. Returns false for an unknown one. */
  remove(name: PolicyName, decide: (before: PolicyRule) => void, by: ChangedBy): Promise<boolean>;
}

export const PolicyStore = Symbol('PolicyStore');

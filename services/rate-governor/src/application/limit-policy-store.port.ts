import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A limit of a tenant's. */
export interface TenantLimit {
  readonly tenantId: string;
  readonly id: string;
}

/** The limits that tenants have set: the record of them, including the removed ones. */
export interface LimitPolicyStore {
  all(): Promise<readonly LimitPolicy[]>;
  /** Those that were removed and may be published still. */
  removed(): Promise<readonly TenantLimit[]>;
  put(limit: TenantLimit, policy: LimitPolicy): Promise<void>;
  remove(limit: TenantLimit): Promise<void>;
  /** They are not published any more. */
  forget(limits: readonly TenantLimit[]): Promise<void>;
}

export const LimitPolicyStore = Symbol('LimitPolicyStore');

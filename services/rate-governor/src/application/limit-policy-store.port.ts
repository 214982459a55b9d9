import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A limit that a tenant owns. */
export interface TenantLimit {
  readonly tenantId: string;
  readonly id: string;
}

export interface LimitsOfTenant {
  readonly limits: readonly LimitPolicy[];
  readonly removed: readonly string[];
}

/** The record of the limits that tenants have set, including the removed ones. */
export interface LimitPolicyStore {
  all(): Promise<readonly LimitPolicy[]>;
  /** Removed limits that may still be on the topic. */
  removed(): Promise<readonly TenantLimit[]>;
  /** The limits of one tenant, and the ids of its removed limits that may still be on the topic. */
  of(tenantId: string): Promise<LimitsOfTenant>;
  put(limit: TenantLimit, policy: LimitPolicy): Promise<void>;
  remove(limit: TenantLimit): Promise<void>;
  /** Deletes removed limits that are no longer on the topic. */
  forget(limits: readonly TenantLimit[]): Promise<void>;
}

export const LimitPolicyStore = Symbol('LimitPolicyStore');

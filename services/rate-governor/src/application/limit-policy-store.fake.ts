import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { LimitPolicyStore, LimitsOfTenant, TenantLimit } from './limit-policy-store.port.js';

/** Limits in memory. */
export class FakeLimitPolicyStore implements LimitPolicyStore {
  readonly limits = new Map<string, TenantLimit & { readonly policy?: LimitPolicy }>();

  all(): Promise<readonly LimitPolicy[]> {
    return Promise.resolve([...this.limits.values()].flatMap(({ policy }) => policy ?? []));
  }

  removed(): Promise<readonly TenantLimit[]> {
    const gone = [...this.limits.values()].filter(({ policy }) => policy === undefined);
    return Promise.resolve(gone.map(({ tenantId, id }) => ({ tenantId, id })));
  }

  of(tenantId: string): Promise<LimitsOfTenant> {
    const own = [...this.limits.values()].filter((limit) => limit.tenantId === tenantId);
    return Promise.resolve({
      limits: own.flatMap(({ policy }) => policy ?? []),
      removed: own.filter(({ policy }) => policy === undefined).map(({ id }) => id),
    });
  }

  put(limit: TenantLimit, policy: LimitPolicy): Promise<void> {
    this.limits.set(keyOf(limit), { ...limit, policy });
    return Promise.resolve();
  }

  remove(limit: TenantLimit): Promise<void> {
    this.limits.set(keyOf(limit), limit);
    return Promise.resolve();
  }

  forget(limits: readonly TenantLimit[]): Promise<void> {
    for (const limit of limits) this.limits.delete(keyOf(limit));
    return Promise.resolve();
  }
}

function keyOf({ tenantId, id }: TenantLimit): string {
  return `${tenantId}/${id}`;
}

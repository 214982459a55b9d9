import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import type { LimitStore } from './limit-store.port.js';

/** Limits in memory. */
export class FakeLimitStore implements LimitStore {
  readonly limits = new Map<string, LimitPolicy>();

  all(): Promise<readonly LimitPolicy[]> {
    return Promise.resolve([...this.limits.values()]);
  }

  put(policy: LimitPolicy): Promise<void> {
    this.limits.set(policy.id, policy);
    return Promise.resolve();
  }

  remove(id: string): Promise<boolean> {
    return Promise.resolve(this.limits.delete(id));
  }
}

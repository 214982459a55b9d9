import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** The limits that were set through the API; their record. */
export interface LimitStore {
  all(): Promise<readonly LimitPolicy[]>;
  put(policy: LimitPolicy): Promise<void>;
  /** Whether it was there. */
  remove(id: string): Promise<boolean>;
}

export const LimitStore = Symbol('LimitStore');

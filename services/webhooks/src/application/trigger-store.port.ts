import type { StoredTrigger } from '../domain/stored-trigger.js';

/** Changes a trigger. Undefined: there is none, or there is to be none. */
export type TriggerChange = (current: StoredTrigger | undefined) => StoredTrigger | undefined;

/** The record of triggers. */
export interface TriggerStore {
  list(tenantId: string): Promise<readonly StoredTrigger[]>;
  find(tenantId: string, name: string): Promise<StoredTrigger | undefined>;
  /** Applies a change while no other change of the tenant runs. An error of the change leaves everything as it is. */
  change(tenantId: string, name: string, change: TriggerChange): Promise<StoredTrigger | undefined>;
}

export const TriggerStore = Symbol('TriggerStore');

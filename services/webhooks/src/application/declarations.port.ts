import type { DeclaredTrigger } from '@action-mesh/contracts/webhooks';

import type { StoredTrigger } from '../domain/stored-trigger.js';

/** Names the state of a trigger. */
export type TriggerRevision = Pick<StoredTrigger, 'tenantId' | 'name' | 'revision'>;

/** All triggers, for publication. */
export interface TriggerRecord {
  /** Runs a publication while no other instance runs one. */
  exclusively<Result>(work: (read: ReadTriggers) => Promise<Result>): Promise<Result>;
}

/** Reads the record during a publication. */
export interface ReadTriggers {
  revisions(): Promise<readonly TriggerRevision[]>;
  triggers(wanted: readonly TriggerRevision[]): Promise<readonly StoredTrigger[]>;
}

/** The topic of declarations, which doors follow. */
export interface Declarations {
  /** The declarations by key, complete up to this moment. Rejects when the broker does not answer. */
  refreshed(): Promise<ReadonlyMap<string, DeclaredTrigger>>;
  /** The declaration that this instance knows. */
  get(key: string): DeclaredTrigger | undefined;
  apply(changes: {
    readonly publish: readonly DeclaredTrigger[];
    readonly retract: readonly string[];
  }): Promise<void>;
}

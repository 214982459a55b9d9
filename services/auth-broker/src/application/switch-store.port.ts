import type { KillSwitch } from '@action-mesh/contracts/auth-broker';

import type { ChangedBy } from './api-key-store.port.js';

/** The record of the kill switches that are on. */
export interface SwitchStore {
  /** The switches of a tenant, and those of the whole mesh, the oldest first. */
  list(tenantId: string): Promise<readonly KillSwitch[]>;
  /**
   * Turns a switch on, or returns the switch of the same reach and target that is on already. `too_many`: the tenant
   * has as many switches as it may have.
   */
  turnOn(killSwitch: KillSwitch): Promise<KillSwitch | 'too_many'>;
  /** Lifts a switch of a tenant, or of the whole mesh without one. Returns false for an unknown switch. */
  lift(id: string, tenantId: string | undefined, by: ChangedBy): Promise<boolean>;
}

export const SwitchStore = Symbol('SwitchStore');

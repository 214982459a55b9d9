import type { StoredKey } from '../domain/stored-key.js';

/**
 * `created` and `kept`: the key is valid. `ended`: the record has it as revoked or expired. `other`: another key has its
 * id.
 */
export interface Adoption {
  readonly state: 'created' | 'kept' | 'ended' | 'other';
  /** The ids of keys that the variable held before, and that are revoked now. */
  readonly revoked: readonly string[];
}

/** The record of the keys that variables of the environment set. */
export interface BootstrapStore {
  /**
   * Makes the tenant and the key exist, and revokes other keys of the same use that a variable set. A key that has
   * ended changes nothing.
   */
  adopt(key: StoredKey): Promise<Adoption>;
}

export const BootstrapStore = Symbol('BootstrapStore');

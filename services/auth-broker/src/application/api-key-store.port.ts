import type { StoredKey } from '../domain/stored-key.js';

/** A person or program that changed the record, and the time. */
export interface ChangedBy {
  readonly holder: string;
  readonly atMs: number;
}

/** The end of a key that has a successor. Without `expiresAtMs`, it ends at once. */
export interface ReplacedKey {
  readonly tenantId: string;
  readonly id: string;
  readonly expiresAtMs: number | undefined;
}

/** The last use of a key, as a door saw it. */
export interface KeyUsage {
  readonly id: string;
  readonly usedAtMs: number;
}

/** `no_tenant`: the tenant is unknown or removed. `too_many`: the tenant has as many keys as it may have. */
export type KeyCreation = 'created' | 'no_tenant' | 'too_many';

/**
 * The record of the keys of all tenants. A key is known until it is revoked, and until a day after its expiry: its
 * callers learn for a day that it has expired.
 */
export interface ApiKeyStore {
  create(key: StoredKey): Promise<KeyCreation>;
  /** The known keys of a tenant, the oldest first. */
  list(tenantId: string, nowMs: number): Promise<readonly StoredKey[]>;
  find(tenantId: string, id: string, nowMs: number): Promise<StoredKey | undefined>;
  /** Ends a key and creates its successor, both or neither. `taken`: the key has a successor or is revoked. */
  replace(old: ReplacedKey, successor: StoredKey, by: ChangedBy): Promise<KeyCreation | 'taken'>;
  /** Returns false for a key that is not known. */
  revoke(tenantId: string, id: string, by: ChangedBy): Promise<boolean>;
  /** Keeps the latest use of each key. Ignores unknown keys, and uses before the kept one. */
  recordUses(uses: readonly KeyUsage[]): Promise<void>;
}

export const ApiKeyStore = Symbol('ApiKeyStore');

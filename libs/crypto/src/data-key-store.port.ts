import type { WrappedKey } from './key-provider.port.js';

/** A data key in the record. */
export interface StoredDataKey {
  readonly id: string;
  readonly tenantId: string;
  readonly createdAtMs: number;
  /** Its wrapped forms, the newest last. */
  readonly wraps: readonly WrappedKey[];
}

/** Data keys that no key of an instance can open. */
export interface LockedDataKeys {
  /** The key-encryption keys that would open them. Any one of them is enough. */
  readonly kids: readonly string[];
  readonly count: number;
}

/** The record of wrapped data keys. */
export interface DataKeyStore {
  current(tenantId: string): Promise<StoredDataKey | undefined>;
  find(tenantId: string, id: string): Promise<StoredDataKey | undefined>;
  /** Makes a key the current one of its tenant, in place of `replaces`. False: another instance was first. */
  makeCurrent(key: StoredDataKey, replaces: string | undefined): Promise<boolean>;
  /** The data keys without a wrapped form for any of these keys. */
  lockedTo(kids: readonly string[]): Promise<LockedDataKeys>;
  /** Any data key with a wrapped form for this key. */
  anyWrappedBy(kid: string): Promise<StoredDataKey | undefined>;
  /** Data keys without a form for one of the keys, and data keys with a newest form for another key than the first. */
  toWrap(kids: readonly string[], limit: number): Promise<readonly StoredDataKey[]>;
  /** Stores wrapped forms of a key, the last as the newest, and replaces those for the same keys. */
  putWraps(tenantId: string, id: string, wraps: readonly WrappedKey[]): Promise<void>;
  /** Deletes forms for other keys than these, if they are older than the form for the first, and than `beforeMs`. */
  dropWraps(kids: readonly string[], beforeMs: number): Promise<number>;
}

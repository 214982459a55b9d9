import type { KeyIdentity, KeyView, Role } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

/** A key in the record: its identity for doors, and its history. */
export interface StoredKey {
  readonly identity: KeyIdentity;
  readonly role: Role;
  readonly note?: string;
  readonly createdAt: string;
  /** The holder of the key that created it. */
  readonly createdBy: string;
  readonly revokedAt?: string;
  /** The id of its successor. */
  readonly replacedBy?: string;
  readonly lastUsedAt?: string;
}

/** The key as its administrators see it, without its digest. */
export function keyView(key: StoredKey, published: boolean): KeyView {
  const { kind: _kind, digest: _digest, ...shown } = key.identity;
  const { role, note, createdAt, createdBy, replacedBy, lastUsedAt } = key;
  return {
    ...shown,
    role,
    created_at: createdAt,
    created_by: createdBy,
    published,
    ...defined({ note, replaced_by: replacedBy, last_used_at: lastUsedAt }),
  };
}

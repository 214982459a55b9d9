import { IdentityPublished, roleSchema } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

import type { StoredKey } from '../../domain/stored-key.js';

/** A row of `api_key`, without the columns that no use case reads. */
export interface KeyRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly use: string;
  readonly environment: string;
  readonly digest: string;
  readonly holder: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly tools: readonly string[] | null;
  readonly users: readonly string[] | null;
  readonly expires_at: Date | null;
  readonly quota: unknown;
  readonly note: string | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly replaced_by: string | null;
  readonly last_used_at: Date | null;
}

/** The columns of a `KeyRow`. */
export const keyColumns = `id, tenant_id, use, environment, digest, holder, role, scopes, tools, users, expires_at,
  quota, note, created_at, created_by, replaced_by, last_used_at`;

/**
 * Selects the keys that are known at the time `$1`: not revoked, and not expired for a day. Callers of a key learn for a
 * day that it has expired.
 */
export const isKnown = `revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1::timestamptz - interval '1 day')`;

export function storedKeyOf(row: KeyRow): StoredKey {
  const identity = IdentityPublished.schema.parse({
    kind: 'key',
    id: row.id,
    tenant_id: row.tenant_id,
    use: row.use,
    environment: row.environment,
    digest: row.digest,
    holder: row.holder,
    scopes: row.scopes,
    ...defined({
      tools: row.tools ?? undefined,
      users: row.users ?? undefined,
      expires_at: textOf(row.expires_at),
      quota: row.quota ?? undefined,
    }),
  });
  if (identity.kind !== 'key') throw new TypeError('a row of api_key is no key');
  return {
    identity,
    role: roleSchema.parse(row.role),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    ...defined({
      note: row.note ?? undefined,
      replacedBy: row.replaced_by ?? undefined,
      lastUsedAt: textOf(row.last_used_at),
    }),
  };
}

function textOf(time: Date | null): string | undefined {
  return time?.toISOString();
}

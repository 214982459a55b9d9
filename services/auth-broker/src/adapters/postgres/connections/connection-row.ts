import { connectionStateSchema, reauthReasonSchema } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

import type { StoredConnection } from '../../../domain/connections/stored-connection.js';

/** A row of `connection`. */
export interface ConnectionRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly integration: string;
  readonly provider: string;
  readonly state: string;
  readonly reason: string | null;
  readonly is_default: boolean;
  readonly label: string | null;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly scopes: readonly string[] | null;
  readonly base_url: string | null;
  readonly version: string;
  readonly seq: string;
  readonly credential: Buffer | null;
  readonly expires_at: Date | null;
  readonly issued_at: Date | null;
  readonly refresh_expires_at: Date | null;
  readonly lease_until: Date | null;
  readonly lease_epoch: string;
  readonly intent_digest: Buffer | null;
  readonly intent_at: Date | null;
  readonly intent_count: number;
  readonly failures: number;
  readonly last_error: string | null;
  readonly next_attempt_at: Date | null;
  readonly refreshed_at: Date | null;
  readonly last_used_at: Date | null;
  readonly consented_at: Date;
  readonly revoking_since: Date | null;
  readonly created_at: Date;
  readonly read_at: Date;
}

/** The columns of a `ConnectionRow`. */
export const connectionColumns = `id, tenant_id, user_id, integration, provider, state, reason, is_default, label,
  account_id, account_name, scopes, base_url, version, seq, credential, expires_at, issued_at, refresh_expires_at,
  lease_until, lease_epoch, intent_digest, intent_at, intent_count, failures, last_error, next_attempt_at, refreshed_at, last_used_at,
  consented_at, revoking_since, created_at, clock_timestamp() AS read_at`;

export function storedConnectionOf(row: ConnectionRow): StoredConnection {
  const intent =
    row.intent_digest === null || row.intent_at === null
      ? undefined
      : { digest: row.intent_digest, atMs: row.intent_at.getTime(), count: row.intent_count };
  return {
    id: row.id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    integration: row.integration,
    provider: row.provider,
    state: connectionStateSchema.parse(row.state),
    isDefault: row.is_default,
    version: Number(row.version),
    seq: Number(row.seq),
    failures: row.failures,
    leaseEpoch: Number(row.lease_epoch),
    consentedAtMs: row.consented_at.getTime(),
    createdAtMs: row.created_at.getTime(),
    readAtMs: row.read_at.getTime(),
    ...defined({
      reason: row.reason === null ? undefined : reauthReasonSchema.parse(row.reason),
      label: row.label ?? undefined,
      account:
        row.account_id === null
          ? undefined
          : { id: row.account_id, ...defined({ name: row.account_name ?? undefined }) },
      scopes: row.scopes ?? undefined,
      baseUrl: row.base_url ?? undefined,
      sealed: row.credential ?? undefined,
      expiresAtMs: row.expires_at?.getTime(),
      issuedAtMs: row.issued_at?.getTime(),
      refreshExpiresAtMs: row.refresh_expires_at?.getTime(),
      leaseUntilMs: row.lease_until?.getTime(),
      intent,
      lastError: row.last_error ?? undefined,
      nextAttemptAtMs: row.next_attempt_at?.getTime(),
      refreshedAtMs: row.refreshed_at?.getTime(),
      lastUsedAtMs: row.last_used_at?.getTime(),
      revokingSinceMs: row.revoking_since?.getTime(),
    }),
  };
}

/** An SQL expression: the time some milliseconds from now, by the clock of the database. The parameter may be null. */
export function timeAfter(parameter: string): string {
  return `clock_timestamp() + ${parameter}::bigint * interval '1 millisecond'`;
}

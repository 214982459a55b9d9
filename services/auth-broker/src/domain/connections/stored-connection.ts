import type {
  Account,
  ChangedConnection,
  ConnectionChange,
  ConnectionState,
  ReauthReason,
} from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

/** The user and the integration of a connection. */
export interface ConnectionOwner {
  readonly tenantId: string;
  readonly userId: string;
  readonly integration: string;
}

/** A begun refresh with an unknown end. */
export interface RefreshIntent {
  /** SHA-256 of the refresh token that it sent. */
  readonly digest: Buffer;
  readonly atMs: number;
  /** The number of requests with that refresh token. */
  readonly count: number;
}

/** A connection in the record. All times are those of the database, in milliseconds since 1970. */
export interface StoredConnection extends ConnectionOwner {
  readonly id: string;
  readonly provider: string;
  readonly state: ConnectionState;
  readonly reason?: ReauthReason;
  /** Whether calls without a connection id use it. */
  readonly isDefault: boolean;
  readonly label?: string;
  readonly account?: Account;
  /** The granted scopes. Absent: the provider does not report them. */
  readonly scopes?: readonly string[];
  /** The address of the API for this account. */
  readonly baseUrl?: string;
  /** Each refresh and each reconnection raises it. */
  readonly version: number;
  /** The number of its newest change on `mesh.connections`. */
  readonly seq: number;
  /** The sealed credential. Absent once the connection is revoked. */
  readonly sealed?: Buffer;
  readonly expiresAtMs?: number;
  readonly issuedAtMs?: number;
  readonly refreshExpiresAtMs?: number;
  /** When the lease of a refresh ends. Absent: no refresh is under way. */
  readonly leaseUntilMs?: number;
  /** Grows with each lease. */
  readonly leaseEpoch: number;
  readonly intent?: RefreshIntent;
  /** Failed refreshes, or failed revocations, in a row. */
  readonly failures: number;
  readonly lastError?: string;
  /** No request goes to the provider before. */
  readonly nextAttemptAtMs?: number;
  readonly refreshedAtMs?: number;
  readonly lastUsedAtMs?: number;
  readonly consentedAtMs: number;
  readonly revokingSinceMs?: number;
  readonly createdAtMs: number;
  /** The time of the database when the row was read. */
  readonly readAtMs: number;
}

/** Whether calls may know the connection. A disconnected one is as good as absent. */
export function isKnownConnection({ state }: Pick<StoredConnection, 'state'>): boolean {
  return state === 'active' || state === 'needs_reauth';
}

/** The record for `mesh.connections` about a change that is in the row already. */
export function changeOf(
  connection: StoredConnection,
  change: ConnectionChange,
  error?: string,
): ChangedConnection {
  return {
    connection_id: connection.id,
    seq: connection.seq,
    tenant_id: connection.tenantId,
    user_id: connection.userId,
    integration: connection.integration,
    provider: connection.provider,
    change,
    state: connection.state,
    version: connection.version,
    is_default: connection.isDefault,
    at: new Date(connection.readAtMs).toISOString(),
    ...defined({ reason: connection.reason, account: connection.account, error }),
  };
}

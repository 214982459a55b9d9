import type { ReauthReason } from '@action-mesh/contracts/auth-broker';

import type { StoredConnection } from '../../domain/connections/stored-connection.js';

/** The right to refresh one connection, until its time is over or another broker takes it. */
export interface RefreshLease {
  readonly connection: StoredConnection;
  /** Grows with each lease of the connection, and fences off its former holders. */
  readonly epoch: number;
}

/** A new credential of a connection, sealed. */
export interface RefreshedCredential {
  readonly sealed: Buffer;
  readonly expiresInMs?: number;
  readonly refreshExpiresInMs?: number;
  /** Absent: as before. */
  readonly scopes?: readonly string[];
}

/** `orphaned`: another broker has the lease now, so the credential went to the side table. `gone`: disconnected. */
export type RefreshCommit =
  | { readonly kind: 'committed'; readonly connection: StoredConnection }
  | { readonly kind: 'orphaned' | 'gone' };

/** A failed refresh, as the record keeps it. */
export interface FailedRefresh {
  /** A code for programs: `timeout`. */
  readonly code: string;
  /** Absent: the breaker of the integration decides about the next request. */
  readonly coolDownMs?: number;
  /** True: the provider may have used up the refresh token, so the intent stays. */
  readonly keepsIntent: boolean;
}

/** The part of the record that refreshes need. All statements are short. */
export interface RefreshStore {
  /**
   * Takes the lease and notes the intent in one statement. `read` is the connection as the caller decided about it.
   * Undefined: another broker has the lease, or the connection has changed.
   */
  takeLease(read: StoredConnection, digest: Buffer | undefined): Promise<RefreshLease | undefined>;
  /**
   * Stores a new credential. A fenced-off holder stores it too, if there is neither a newer one nor a lease. The
   * refresh token in the record is then the one that this holder has used up.
   */
  commit(lease: RefreshLease, refreshed: RefreshedCredential, orphan: Buffer): Promise<RefreshCommit>;
  /** The newest credential that a fenced-off holder left, sealed. */
  orphan(lease: RefreshLease): Promise<Buffer | undefined>;
  /** Ends the lease without a request. */
  release(lease: RefreshLease): Promise<void>;
  /** Ends the lease after a failure. */
  fail(lease: RefreshLease, failed: FailedRefresh): Promise<void>;
  /** Ends the lease and asks for the user. False: the lease is another's. */
  giveUp(lease: RefreshLease, reason: ReauthReason, code: string): Promise<boolean>;
  /** Marks a connection that no refresh can renew: its user has to connect again. False: the connection has changed. */
  requireReauth(read: StoredConnection, reason: ReauthReason): Promise<boolean>;
}

export const RefreshStore = Symbol('RefreshStore');

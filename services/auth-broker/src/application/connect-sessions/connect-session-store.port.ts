import type {
  ConnectError,
  ConnectSession,
  ConnectSessionStatus,
  HeldDetails,
} from '../../domain/connect-sessions/connect-session.js';

/** A change is made only where all members hold. */
export interface SessionCondition {
  readonly status: readonly ConnectSessionStatus[];
  /** The session has this state: its attempt has not come back yet. */
  readonly stateDigest?: Buffer;
  /** The session belongs to this browser, or to none yet. */
  readonly cookieDigest?: Buffer;
  /** No one works on the session at this time. */
  readonly unclaimedAtMs?: number;
  /** The session has not expired at this time. */
  readonly liveAtMs?: number;
}

/** The new values of a session. An absent member stays as it is, and null removes a value. */
export interface SessionChange {
  readonly status?: ConnectSessionStatus;
  readonly error?: ConnectError | null;
  readonly cookieDigest?: Buffer;
  readonly stateDigest?: Buffer | null;
  readonly attempt?: Buffer | null;
  readonly completionDigest?: Buffer | null;
  readonly pending?: Buffer | null;
  readonly details?: HeldDetails | null;
  readonly connectionId?: string;
  readonly claimedUntilMs?: number | null;
}

/** A session with the sealed secrets of its attempt and its credential. */
export interface StoredSession {
  readonly session: ConnectSession;
  readonly attempt?: Buffer;
  readonly pending?: Buffer;
}

/** A session, by the tenant that an authenticated caller has, or by a secret that a browser shows. */
export type SessionKey =
  | { readonly tenantId: string; readonly publicId: string }
  | { readonly digest: Buffer }
  | { readonly stateDigest: Buffer };

/** The record of connect sessions. */
export interface ConnectSessionStore {
  /** `too_many`: the user has as many sessions as may be open. `unknown_tenant`: the record has no such tenant. */
  create(session: ConnectSession, digest: Buffer): Promise<'created' | 'too_many' | 'unknown_tenant'>;
  find(key: SessionKey): Promise<StoredSession | undefined>;
  /** Changes a session. False: the condition does not hold, and nothing changed. */
  change(publicId: string, condition: SessionCondition, change: SessionChange): Promise<boolean>;
  /** The status of each known session. */
  statuses(publicIds: readonly string[]): Promise<ReadonlyMap<string, ConnectSessionStatus>>;
  /** Ends sessions after their time. Returns their number. */
  expire(nowMs: number): Promise<number>;
  /** Claims ended sessions that still hold a credential. No other broker gets them before `untilMs`. */
  claimAbandoned(nowMs: number, untilMs: number, most: number): Promise<readonly StoredSession[]>;
  /** Deletes ended sessions that expired before a time and hold no credential. */
  prune(beforeMs: number): Promise<void>;
}

export const ConnectSessionStore = Symbol('ConnectSessionStore');

import type { ConnectSessionView } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';

import type { ConnectedAccount } from '../connections/credential.js';

/** The life of a session, milliseconds. */
export const sessionLifeMs = 15 * 60_000;
/** The most sessions of one user that are not over. */
export const mostOpenSessions = 50;

export type ConnectSessionStatus = ConnectSessionView['status'];

/** Why a session has no connection. Each code has a text of ours on the page. */
export const connectErrors = [
  'access_denied',
  'cancelled',
  'code_refused',
  'credential_refused',
  'integration_changed',
  'integration_gone',
  'integration_refused',
  'issuer_mismatch',
  'other_account',
  'provider_error',
  'provider_unavailable',
  'unknown_connection',
] as const;
export type ConnectError = (typeof connectErrors)[number];

/** The facts about a credential that waits for its completion. */
export interface HeldDetails extends ConnectedAccount {
  readonly expiresAtMs?: number;
  readonly refreshExpiresAtMs?: number;
}

/** One attempt of one user to connect one account, without its secrets. */
export interface ConnectSession {
  readonly publicId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly integration: string;
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly returnUrl?: string;
  /** The connection to repair. */
  readonly connectionId?: string;
  readonly allowOtherAccount: boolean;
  readonly label?: string;
  readonly status: ConnectSessionStatus;
  readonly error?: ConnectError;
  /** The digest of the cookie of the browser that began the attempt. */
  readonly cookieDigest?: Buffer;
  readonly completionDigest?: Buffer;
  readonly details?: HeldDetails;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** A session that only its time can end: a person may still work on it. */
export function isLive({ status, expiresAtMs }: ConnectSession, nowMs: number): boolean {
  return expiresAtMs > nowMs && status !== 'expired' && status !== 'completed';
}

/** The status that people see. The sweep writes `expired` some seconds after the time. */
export function statusAt(session: ConnectSession, nowMs: number): ConnectSessionStatus {
  const isOver = session.expiresAtMs <= nowMs;
  return isOver && (session.status === 'open' || session.status === 'returned') ? 'expired' : session.status;
}

/** A session as a program with a key sees it. */
export function sessionView(session: ConnectSession, nowMs: number, url?: string): ConnectSessionView {
  const { publicId: id, userId, integration, scopes, details, connectionId, error, expiresAtMs } = session;
  const status = statusAt(session, nowMs);
  const shows = status === 'returned' || status === 'completed';
  return {
    id,
    status,
    user_id: userId,
    integration,
    scopes: [...(shows ? (details?.scopes ?? scopes) : scopes)],
    expires_at: new Date(expiresAtMs).toISOString(),
    ...defined({
      url,
      account: shows ? details?.account : undefined,
      connection_id: status === 'completed' ? connectionId : undefined,
      error: status === 'failed' ? error : undefined,
    }),
  };
}

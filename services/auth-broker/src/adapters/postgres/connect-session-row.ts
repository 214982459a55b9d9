import { accountSchema } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import { z } from 'zod';

import type {
  SessionChange,
  StoredSession,
} from '../../application/connect-sessions/connect-session-store.port.js';
import {
  connectErrors,
  type ConnectSession,
  type HeldDetails,
} from '../../domain/connect-sessions/connect-session.js';

/** A row of `connect_session`. */
export interface ConnectSessionRow {
  readonly public_id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly integration: string;
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly return_url: string | null;
  readonly connection_id: string | null;
  readonly allow_other_account: boolean;
  readonly label: string | null;
  readonly status: ConnectSession['status'];
  readonly error: string | null;
  readonly cookie_digest: Buffer | null;
  readonly attempt: Buffer | null;
  readonly completion_digest: Buffer | null;
  readonly pending: Buffer | null;
  readonly details: unknown;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** The columns of a `ConnectSessionRow`. */
export const connectSessionColumns = `public_id, tenant_id, user_id, integration, provider, scopes, return_url, connection_id,
  allow_other_account, label, status, error, cookie_digest, attempt, completion_digest, pending, details, created_by,
  created_at, expires_at`;

const errorSchema = z.enum(connectErrors);
const detailsSchema: z.ZodType<HeldDetails> = z.object({
  account: accountSchema.exactOptional(),
  baseUrl: z.string().exactOptional(),
  scopes: z.array(z.string()).exactOptional(),
  expiresAtMs: z.number().exactOptional(),
  refreshExpiresAtMs: z.number().exactOptional(),
});

export function storedSessionOf(row: ConnectSessionRow): StoredSession {
  const session: ConnectSession = {
    publicId: row.public_id,
    tenantId: row.tenant_id,
    userId: row.user_id,
    integration: row.integration,
    provider: row.provider,
    scopes: row.scopes,
    allowOtherAccount: row.allow_other_account,
    status: row.status,
    createdBy: row.created_by,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    ...defined({
      returnUrl: row.return_url ?? undefined,
      connectionId: row.connection_id ?? undefined,
      label: row.label ?? undefined,
      error: row.error === null ? undefined : errorSchema.parse(row.error),
      cookieDigest: row.cookie_digest ?? undefined,
      completionDigest: row.completion_digest ?? undefined,
      details: row.details === null ? undefined : detailsSchema.parse(row.details),
    }),
  };
  return { session, ...defined({ attempt: row.attempt ?? undefined, pending: row.pending ?? undefined }) };
}

/** The columns that a change sets, with their values. */
export function changedColumns(
  change: SessionChange,
): readonly (readonly [column: string, value: unknown])[] {
  const { claimedUntilMs, details } = change;
  const columns: readonly (readonly [string, unknown])[] = [
    ['status', change.status],
    ['error', change.error],
    ['cookie_digest', change.cookieDigest],
    ['state_digest', change.stateDigest],
    ['attempt', change.attempt],
    ['completion_digest', change.completionDigest],
    ['pending', change.pending],
    ['details', details === undefined || details === null ? details : JSON.stringify(details)],
    ['connection_id', change.connectionId],
    ['claimed_until', typeof claimedUntilMs === 'number' ? new Date(claimedUntilMs) : claimedUntilMs],
  ];
  return columns.filter(([, value]) => value !== undefined);
}

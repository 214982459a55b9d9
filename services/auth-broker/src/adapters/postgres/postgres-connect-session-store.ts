import { withTenant, sqlState } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ConnectSessionStore,
  SessionChange,
  SessionCondition,
  SessionKey,
  StoredSession,
} from '../../application/connect-sessions/connect-session-store.port.js';
import {
  mostOpenSessions,
  type ConnectSession,
  type ConnectSessionStatus,
} from '../../domain/connect-sessions/connect-session.js';
import {
  changedColumns,
  connectSessionColumns,
  storedSessionOf,
  type ConnectSessionRow,
} from './connect-session-row.js';

const foreignKeyViolation = '23503';

/**
 * Connect sessions as rows of `connect_session`. A request with a tenant reads as the role of that tenant. A browser has no
 * tenant: its secret selects the row.
 */
export class PostgresConnectSessionStore implements ConnectSessionStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async create(session: ConnectSession, digest: Buffer): Promise<'created' | 'too_many' | 'unknown_tenant'> {
    try {
      return await withTenant(this.#pool, session.tenantId, (client) => insert(client, session, digest));
    } catch (error) {
      if (sqlState(error) === foreignKeyViolation) return 'unknown_tenant';
      throw error;
    }
  }

  async find(key: SessionKey): Promise<StoredSession | undefined> {
    const { rows } = await this.#select(key);
    const [row] = rows;
    return row === undefined ? undefined : storedSessionOf(row);
  }

  #select(key: SessionKey): Promise<pg.QueryResult<ConnectSessionRow>> {
    const select = `SELECT ${connectSessionColumns} FROM connect_session WHERE`;
    if ('digest' in key) return this.#pool.query(`${select} digest = $1`, [key.digest]);
    if ('stateDigest' in key) return this.#pool.query(`${select} state_digest = $1`, [key.stateDigest]);
    return withTenant(this.#pool, key.tenantId, (client) =>
      client.query<ConnectSessionRow>(`${select} public_id = $1 AND tenant_id = $2`, [
        key.publicId,
        key.tenantId,
      ]),
    );
  }

  async change(publicId: string, condition: SessionCondition, change: SessionChange): Promise<boolean> {
    const values: unknown[] = [publicId, condition.status];
    const next = (value: unknown): string => `$${values.push(value)}`;
    const set = changedColumns(change).map(([column, value]) => `${column} = ${next(value)}`);
    if (set.length === 0) return true;
    const where = ['public_id = $1', 'status = ANY ($2)'];
    const { stateDigest, cookieDigest, unclaimedAtMs, liveAtMs } = condition;
    if (stateDigest !== undefined) where.push(`state_digest = ${next(stateDigest)}`);
    if (cookieDigest !== undefined)
      where.push(`(cookie_digest IS NULL OR cookie_digest = ${next(cookieDigest)})`);
    if (unclaimedAtMs !== undefined)
      where.push(`(claimed_until IS NULL OR claimed_until <= ${next(new Date(unclaimedAtMs))})`);
    if (liveAtMs !== undefined) where.push(`expires_at > ${next(new Date(liveAtMs))}`);
    const { rowCount } = await this.#pool.query(
      `UPDATE connect_session SET ${set.join(', ')} WHERE ${where.join(' AND ')}`,
      values,
    );
    return rowCount === 1;
  }

  async statuses(publicIds: readonly string[]): Promise<ReadonlyMap<string, ConnectSessionStatus>> {
    const { rows } = await this.#pool.query<{ public_id: string; status: ConnectSessionStatus }>(
      'SELECT public_id, status FROM connect_session WHERE public_id = ANY ($1)',
      [publicIds],
    );
    return new Map(rows.map(({ public_id: id, status }) => [id, status]));
  }

  async expire(nowMs: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `UPDATE connect_session
          SET status = 'expired', state_digest = NULL, attempt = NULL, completion_digest = NULL
        WHERE status IN ('open', 'returned') AND expires_at <= $1
          AND (claimed_until IS NULL OR claimed_until <= $1)`,
      [new Date(nowMs)],
    );
    return rowCount ?? 0;
  }

  async claimAbandoned(nowMs: number, untilMs: number, most: number): Promise<readonly StoredSession[]> {
    const { rows } = await this.#pool.query<ConnectSessionRow>(
      `UPDATE connect_session SET claimed_until = $2
        WHERE public_id IN (
          SELECT public_id FROM connect_session
           WHERE pending IS NOT NULL AND status IN ('failed', 'expired')
             AND (claimed_until IS NULL OR claimed_until <= $1)
           ORDER BY claimed_until NULLS FIRST LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING ${connectSessionColumns}`,
      [new Date(nowMs), new Date(untilMs), most],
    );
    return rows.map(storedSessionOf);
  }

  async prune(beforeMs: number): Promise<void> {
    await this.#pool.query(
      `DELETE FROM connect_session
        WHERE expires_at < $1 AND pending IS NULL AND status NOT IN ('open', 'returned')`,
      [new Date(beforeMs)],
    );
  }
}

async function insert(
  client: pg.ClientBase,
  session: ConnectSession,
  digest: Buffer,
): Promise<'created' | 'too_many'> {
  const { tenantId, userId, createdAtMs } = session;
  // The lock on the name lets no two requests pass the limit together.
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    JSON.stringify(['connect_session', tenantId, userId]),
  ]);
  const counted = await client.query<{ open: number }>(
    `SELECT count(*)::integer AS open FROM connect_session
      WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 AND status IN ('open', 'returned', 'failed')`,
    [tenantId, userId, new Date(createdAtMs)],
  );
  if ((counted.rows[0]?.open ?? 0) >= mostOpenSessions) return 'too_many';
  await client.query(
    `INSERT INTO connect_session (digest, public_id, tenant_id, user_id, integration, provider, scopes, return_url,
       connection_id, allow_other_account, label, status, cookie_digest, created_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      digest,
      session.publicId,
      tenantId,
      userId,
      session.integration,
      session.provider,
      session.scopes,
      session.returnUrl ?? null,
      session.connectionId ?? null,
      session.allowOtherAccount,
      session.label ?? null,
      session.status,
      session.cookieDigest ?? null,
      session.createdBy,
      new Date(createdAtMs),
      new Date(session.expiresAtMs),
    ],
  );
  return 'created';
}

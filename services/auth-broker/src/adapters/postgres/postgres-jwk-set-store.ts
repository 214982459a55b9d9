import type pg from 'pg';

import type { DueJwkSet, JwkSetReading, JwkSetStore } from '../../application/jwk-sets.port.js';

/** The most sets of one turn. The next turn takes the others. */
const mostAtOnce = 20;

/** The columns of JWK sets in `token_issuer`. */
export class PostgresJwkSetStore implements JwkSetStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** The next reading follows after 54 to 66 s, so many sets spread over time. */
  async takeDue(nowMs: number, tenantId?: string): Promise<readonly DueJwkSet[]> {
    const { rows } = await this.#pool.query<DueJwkSet>(
      `UPDATE token_issuer SET next_read_at = $1::timestamptz + interval '1 minute' * (0.9 + 0.2 * random())
        WHERE (tenant_id, issuer) IN (
                SELECT tenant_id, issuer FROM token_issuer
                 WHERE next_read_at <= $1 AND ($2::text IS NULL OR tenant_id = $2)
                   AND EXISTS (SELECT FROM tenant t WHERE t.tenant_id = token_issuer.tenant_id AND t.removed_at IS NULL)
                 ORDER BY next_read_at LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED)
        RETURNING tenant_id AS "tenantId", issuer, jwks_url AS url`,
      [new Date(nowMs), tenantId ?? null],
    );
    return rows;
  }

  async keep({ tenantId, issuer, url }: DueJwkSet, reading: JwkSetReading, nowMs: number): Promise<void> {
    const place = [tenantId, issuer, url];
    if ('problem' in reading) {
      await this.#pool.query(
        'UPDATE token_issuer SET problem = $4 WHERE tenant_id = $1 AND issuer = $2 AND jwks_url = $3',
        [...place, reading.problem],
      );
      return;
    }
    await this.#pool.query(
      `UPDATE token_issuer SET keys = $4, left_out = $5, read_at = $6, problem = NULL
        WHERE tenant_id = $1 AND issuer = $2 AND jwks_url = $3`,
      [...place, JSON.stringify(reading.keys), reading.leftOut, new Date(nowMs)],
    );
  }
}

import type { WebhookDeliveryQuery } from '@action-mesh/contracts/webhooks';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ClaimBounds,
  ClaimedDelivery,
  DeliveryStore,
  RedeliveredTime,
} from '../../application/endpoints/delivery-store.port.js';
import type { EndpointName } from '../../application/endpoints/endpoint-store.port.js';
import type { AttemptResult } from '../../domain/endpoints/delivery-end.js';
import type { StoredDelivery } from '../../domain/endpoints/endpoint.js';
import { deliveryColumns, storedDeliveryOf, type DeliveryRow } from './endpoint-row.js';
import { inBatches } from './in-batches.js';
import { settleDelivered, settleFailed } from './settle-attempt.js';

interface ClaimedRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly endpoint_id: string;
  readonly call_id: string | null;
  readonly url: string;
  readonly body: string;
  readonly secret: Buffer;
  readonly former_secret: Buffer | null;
  readonly attempts: number;
}

const claimedColumns = `d.id, d.tenant_id, d.endpoint_id, d.call_id, d.body, d.attempts, e.url, e.secret,
  CASE WHEN e.former_until > now() THEN e.former_secret END AS former_secret`;

const redeliver = `status = 'pending', step = 0, next_attempt_at = now(), ended_at = NULL`;

/** A time as text with its microseconds, as an SQL expression. */
function utcText(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Deliveries as rows of `webhook_delivery`. Requests of tenants run as their role. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** The tenant with the fewest deliveries under way comes first, so no tenant can hold all slots for long. */
  async claim({ underWay, perEndpoint, most, claimMs }: ClaimBounds): Promise<readonly ClaimedDelivery[]> {
    const { rows } = await this.#pool.query<ClaimedRow>(
      `WITH busy AS (SELECT * FROM unnest($1::uuid[], $2::integer[]) AS b (id, count)),
            held AS (SELECT e.tenant_id, sum(b.count) AS count
                       FROM busy b JOIN webhook_endpoint e ON e.id = b.id GROUP BY e.tenant_id),
            turns AS MATERIALIZED (
              SELECT d.id
                FROM webhook_endpoint e
                LEFT JOIN busy b ON b.id = e.id
                LEFT JOIN held h ON h.tenant_id = e.tenant_id
               CROSS JOIN LATERAL (
                     SELECT p.id, p.next_attempt_at FROM webhook_delivery p
                      WHERE p.endpoint_id = e.id AND p.status = 'pending' AND p.next_attempt_at <= now()
                      ORDER BY p.next_attempt_at
                      LIMIT greatest(0, CASE WHEN e.failing_since IS NULL THEN $3 ELSE 1 END - coalesce(b.count, 0))) d
               WHERE e.disabled_at IS NULL
               ORDER BY coalesce(h.count, 0) + row_number() OVER (PARTITION BY e.tenant_id ORDER BY d.next_attempt_at),
                        d.next_attempt_at
               LIMIT $4),
            due AS (
              SELECT p.id FROM webhook_delivery p
               WHERE p.id IN (SELECT id FROM turns) AND p.status = 'pending' AND p.next_attempt_at <= now()
                 FOR UPDATE SKIP LOCKED)
       UPDATE webhook_delivery d
          SET attempts = d.attempts + 1, last_attempt_at = now(), next_attempt_at = now() + $5 * interval '1 millisecond'
         FROM due, webhook_endpoint e
        WHERE d.id = due.id AND e.id = d.endpoint_id
       RETURNING ${claimedColumns}`,
      [[...underWay.keys()], [...underWay.values()], perEndpoint, most, claimMs],
    );
    return rows.map(claimedOf);
  }

  async claimTest(
    { tenantId, id: endpointId }: EndpointName,
    id: string,
    type: string,
    body: string,
  ): Promise<ClaimedDelivery | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<ClaimedRow>(
        `WITH e AS (SELECT * FROM webhook_endpoint WHERE tenant_id = $1 AND id = $2),
              d AS (INSERT INTO webhook_delivery
                      (id, tenant_id, endpoint_id, type, body, status, attempts, last_attempt_at, next_attempt_at)
                    SELECT $3, $1, e.id, $4, $5, 'pending', 1, now(), now() + interval '1 minute' FROM e
                    RETURNING *)
         SELECT ${claimedColumns} FROM d, e`,
        [tenantId, endpointId, id, type, body],
      ),
    );
    return rows.map(claimedOf)[0];
  }

  async settle(
    claimed: ClaimedDelivery,
    result: AttemptResult,
    decide: Parameters<DeliveryStore['settle']>[2],
  ): Promise<boolean> {
    if (result.isDelivered) {
      await settleDelivered(this.#pool, claimed, result);
      return false;
    }
    return withTenant(this.#pool, claimed.tenantId, (client) =>
      settleFailed(client, claimed, result, decide),
    );
  }

  async find(tenantId: string, id: string): Promise<StoredDelivery | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<DeliveryRow>(
        `SELECT ${deliveryColumns} FROM webhook_delivery WHERE tenant_id = $1 AND id = $2`,
        [tenantId, id],
      ),
    );
    return rows.map(storedDeliveryOf)[0];
  }

  list(
    { tenantId, id }: EndpointName,
    { status, call_id: callId, limit, cursor }: WebhookDeliveryQuery,
  ): Promise<readonly StoredDelivery[] | undefined> {
    return withTenant(this.#pool, tenantId, async (client) => {
      if (!(await isKnown(client, tenantId, id))) return undefined;
      const { rows } = await client.query<DeliveryRow>(
        `SELECT ${deliveryColumns} FROM webhook_delivery
          WHERE tenant_id = $1 AND endpoint_id = $2 AND ($3::text IS NULL OR status = $3)
            AND ($4::uuid IS NULL OR call_id = $4) AND ($5::uuid IS NULL OR id < $5)
          ORDER BY id DESC LIMIT $6`,
        [tenantId, id, status ?? null, callId ?? null, cursor ?? null, limit],
      );
      return rows.map(storedDeliveryOf);
    });
  }

  redeliver(tenantId: string, id: string): Promise<StoredDelivery | 'pending' | undefined> {
    return withTenant(this.#pool, tenantId, async (client) => {
      const { rows } = await client.query<DeliveryRow>(
        `UPDATE webhook_delivery SET ${redeliver}
          WHERE tenant_id = $1 AND id = $2 AND status <> 'pending' RETURNING ${deliveryColumns}`,
        [tenantId, id],
      );
      const [due] = rows.map(storedDeliveryOf);
      if (due !== undefined) return due;
      const { rowCount } = await client.query(
        'SELECT FROM webhook_delivery WHERE tenant_id = $1 AND id = $2',
        [tenantId, id],
      );
      return rowCount === 1 ? 'pending' : undefined;
    });
  }

  redeliverTime({
    tenantId,
    id,
    from,
    to,
    statuses,
    most,
  }: RedeliveredTime): ReturnType<DeliveryStore['redeliverTime']> {
    return withTenant(this.#pool, tenantId, async (client) => {
      if (!(await isKnown(client, tenantId, id))) return undefined;
      const { rows } = await client.query<{ readonly count: number; readonly next_from: string | null }>(
        `WITH chosen AS MATERIALIZED (
           SELECT id FROM webhook_delivery
            WHERE tenant_id = $1 AND endpoint_id = $2 AND status = ANY ($5) AND status <> 'pending'
              AND call_id IS NOT NULL
              AND created_at >= $3 AND created_at <= coalesce($4, now())
            ORDER BY created_at, id LIMIT $6 FOR UPDATE SKIP LOCKED),
         again AS (UPDATE webhook_delivery SET ${redeliver} WHERE id IN (SELECT id FROM chosen) RETURNING created_at)
         SELECT count(*)::integer AS count,
                CASE WHEN count(*) = $6 THEN ${utcText('max(created_at)')} END AS next_from
           FROM again`,
        [tenantId, id, from, to ?? null, statuses, most],
      );
      const { count = 0, next_from: nextFrom = null } = rows[0] ?? {};
      return { count, ...(nextFrom === null ? {} : { nextFrom }) };
    });
  }

  prune(endedBefore: Date, atOnce: number): Promise<number> {
    return inBatches(atOnce, () =>
      this.#pool.query(
        `DELETE FROM webhook_delivery
          WHERE id IN (SELECT id FROM webhook_delivery WHERE ended_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [endedBefore, atOnce],
      ),
    );
  }
}

async function isKnown(client: pg.ClientBase, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM webhook_endpoint WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    id,
  ]);
  return rowCount === 1;
}

function claimedOf(row: ClaimedRow): ClaimedDelivery {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    endpointId: row.endpoint_id,
    isTest: row.call_id === null,
    url: row.url,
    body: row.body,
    secrets: row.former_secret === null ? [row.secret] : [row.secret, row.former_secret],
    attempt: row.attempts,
  };
}

import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { DeliveryView } from '@action-mesh/contracts/webhooks';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  ClaimedTriggerDelivery,
  TriggerDeliveryEnd,
  DeliveryQuery,
  TriggerDeliveries,
} from '../../application/trigger-deliveries.port.js';
import {
  claimedDeliveryOf,
  triggerDeliveryColumns,
  deliveryViewOf,
  type ClaimedRow,
  type TriggerDeliveryRow,
} from './trigger-delivery-row.js';

/** An instance that works on a delivery for longer is given up. */
const claimSeconds = 30;

const insert = `
  INSERT INTO trigger_delivery (tenant_id, id, name, delivery_id, content_digest, event, traceparent, state, reason, detail, received_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, CASE WHEN twin.is_there THEN 'skipped' ELSE 'received' END,
         CASE WHEN twin.is_there THEN 'content_repeated' END,
         CASE WHEN twin.is_there THEN 'an earlier delivery has the same body under another id, and the id is not signed; replay this one if it is new' END,
         $8
    FROM (SELECT EXISTS (SELECT FROM trigger_delivery WHERE tenant_id = $1 AND name = $3 AND content_digest = $5) AS is_there) twin
   WHERE EXISTS (SELECT FROM trigger_declaration WHERE tenant_id = $1 AND name = $3)
  ON CONFLICT (tenant_id, name, delivery_id) DO NOTHING`;

const claim = `
  UPDATE trigger_delivery SET claimed_until = clock_timestamp() + $2 * interval '1 second', claims = claims + 1
   WHERE state = 'received' AND claimed_until < clock_timestamp() AND (tenant_id, id) IN (
     SELECT tenant.tenant_id, open.id
       FROM (SELECT DISTINCT tenant_id FROM trigger_delivery WHERE state = 'received') tenant
      CROSS JOIN LATERAL (
        SELECT id, row_number() OVER (ORDER BY received_at) AS turn FROM (
          SELECT id, received_at FROM trigger_delivery
           WHERE tenant_id = tenant.tenant_id AND state = 'received' AND claimed_until < clock_timestamp()
           ORDER BY received_at LIMIT $1) oldest) open
      ORDER BY open.turn LIMIT $1)
  RETURNING event, traceparent, plan, claims`;

/** Deliveries as rows. Work for all tenants names the tenant in each key; requests of one tenant run as its role. */
export class PostgresTriggerDeliveries implements TriggerDeliveries {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async record(
    event: FiredTrigger,
    traceparent: string | undefined,
  ): Promise<'new' | 'repeated' | 'undeclared'> {
    const { rowCount } = await this.#pool.query(insert, [
      event.tenant_id,
      event.trigger_id,
      event.trigger,
      event.delivery_id,
      event.content_digest ?? null,
      JSON.stringify(event),
      traceparent ?? null,
      new Date(event.received_at),
    ]);
    if (rowCount === 1) return 'new';
    const known = await this.#pool.query(
      'SELECT FROM trigger_delivery WHERE tenant_id = $1 AND name = $2 AND delivery_id = $3',
      [event.tenant_id, event.trigger, event.delivery_id],
    );
    return known.rowCount === 0 ? 'undeclared' : 'repeated';
  }

  async claim(limit: number): Promise<readonly ClaimedTriggerDelivery[]> {
    const { rows } = await this.#pool.query<ClaimedRow>(claim, [limit, claimSeconds]);
    return rows.map(claimedDeliveryOf);
  }

  async savePlan(
    { event, claim: held }: ClaimedTriggerDelivery,
    calls: readonly AcceptedCall[],
  ): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `UPDATE trigger_delivery SET plan = $4, call_ids = $5, updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 AND claims = $3 AND state = 'received'`,
      [
        event.tenant_id,
        event.trigger_id,
        held,
        JSON.stringify(calls),
        calls.map(({ call_id: callId }) => callId),
      ],
    );
    return rowCount === 1;
  }

  async finish({ event, claim: held }: ClaimedTriggerDelivery, end: TriggerDeliveryEnd): Promise<void> {
    await this.#pool.query(
      `UPDATE trigger_delivery SET state = $4, reason = $5, detail = $6, plan = NULL, updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 AND claims = $3 AND state = 'received'`,
      [event.tenant_id, event.trigger_id, held, end.state, end.reason ?? null, storable(end.detail)],
    );
  }

  async list(
    tenantId: string,
    trigger: string,
    { state, limit, before }: DeliveryQuery,
  ): Promise<readonly DeliveryView[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<TriggerDeliveryRow>(
        `SELECT ${triggerDeliveryColumns} FROM trigger_delivery
          WHERE tenant_id = $1 AND name = $2 AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
          ORDER BY id DESC LIMIT $5`,
        [tenantId, trigger, state ?? null, before ?? null, limit],
      ),
    );
    return rows.map(deliveryViewOf);
  }

  reopen(tenantId: string, trigger: string, id: string): Promise<DeliveryView | 'unknown' | 'closed'> {
    return withTenant(this.#pool, tenantId, async (client) => {
      const { rows } = await client.query<TriggerDeliveryRow>(
        `UPDATE trigger_delivery SET state = 'received', reason = NULL, detail = NULL, plan = NULL, call_ids = '{}',
                replays = replays + 1, claimed_until = '-infinity', updated_at = clock_timestamp()
          WHERE tenant_id = $1 AND name = $2 AND id = $3 AND state IN ('failed', 'skipped')
         RETURNING ${triggerDeliveryColumns}`,
        [tenantId, trigger, id],
      );
      const [row] = rows;
      if (row !== undefined) return deliveryViewOf(row);
      const known = await client.query(
        'SELECT FROM trigger_delivery WHERE tenant_id = $1 AND name = $2 AND id = $3',
        [tenantId, trigger, id],
      );
      return known.rowCount === 0 ? 'unknown' : 'closed';
    });
  }

  async prune(beforeMs: number, limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `DELETE FROM trigger_delivery WHERE (tenant_id, id) IN (
         SELECT tenant_id, id FROM trigger_delivery WHERE state <> 'received' AND received_at < $1 LIMIT $2)`,
      [new Date(beforeMs), limit],
    );
    return rowCount ?? 0;
  }
}

/** PostgreSQL stores no U+0000. */
function storable(text: string | undefined): string | null {
  return text?.replaceAll('\0', '').slice(0, 1_000) ?? null;
}

import type pg from 'pg';

import type { ClaimedDelivery, DeliveryStore } from '../../application/endpoints/delivery-store.port.js';
import type { AttemptResult, DeliveryEnd } from '../../domain/endpoints/delivery-end.js';
import { inBatches } from './in-batches.js';

/** The deliveries that one statement skips. An endpoint that failed for days can have a million. */
const skippedAtOnce = 5_000;

interface EndpointState {
  readonly failing_since: Date | null;
  readonly now: Date;
}

/** A settled delivery of one endpoint writes the time of the last one at most so often. */
const noteDeliveryEvery = '10 seconds';

/**
 * Settles a delivered message without a lock on its endpoint, since most messages arrive. Two statements of their own
 * transactions deadlock with nobody.
 */
export async function settleDelivered(
  pool: pg.Pool,
  { id, tenantId, endpointId, attempt }: ClaimedDelivery,
  { statusCode }: AttemptResult,
): Promise<void> {
  const { rowCount } = await pool.query({
    name: 'settle_delivered',
    text: `UPDATE webhook_delivery
              SET status = 'delivered', last_status = $4, last_error = NULL, next_attempt_at = NULL, ended_at = now()
            WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND status = 'pending'`,
    values: [tenantId, id, attempt, statusCode ?? null],
  });
  if (rowCount === 1) await noteDelivery(pool, tenantId, endpointId);
}

/**
 * Settles a failed attempt in a transaction of its tenant. An attempt that was claimed again since changes nothing. Returns
 * whether the endpoint was disabled.
 */
export async function settleFailed(
  client: pg.ClientBase,
  { id, tenantId, endpointId, isTest, attempt }: ClaimedDelivery,
  result: AttemptResult,
  decide: Parameters<DeliveryStore['settle']>[2],
): Promise<boolean> {
  // The endpoint is locked before its deliveries here and when it is disabled. Its removal waits for no delivery.
  const endpoints = await client.query<EndpointState>(
    `SELECT failing_since, now() AS now FROM webhook_endpoint
      WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    [tenantId, endpointId],
  );
  const deliveries = await client.query<{ readonly step: number }>(
    `SELECT step FROM webhook_delivery
      WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND status = 'pending' FOR UPDATE`,
    [tenantId, id, attempt],
  );
  const [endpoint, delivery] = [endpoints.rows[0], deliveries.rows[0]];
  if (endpoint === undefined || delivery === undefined) return false;
  const { end, disables } = decide({
    step: delivery.step,
    failingSinceMs: endpoint.failing_since?.getTime(),
    nowMs: endpoint.now.getTime(),
  });
  await client.query(
    `UPDATE webhook_delivery
        SET status = $3, step = coalesce($4, step), last_status = $5, last_error = $6,
            next_attempt_at = now() + $7::double precision * interval '1 millisecond',
            ended_at = CASE WHEN $3 = 'pending' THEN NULL ELSE now() END
      WHERE tenant_id = $1 AND id = $2`,
    [
      tenantId,
      id,
      statusOf(end),
      'step' in end ? end.step : null,
      result.statusCode ?? null,
      result.failure ?? null,
      end.kind === 'retried' ? end.afterMs : null,
    ],
  );
  if (!isTest) await noteFailure(client, tenantId, endpointId, result);
  return disables === undefined ? false : disable(client, tenantId, endpointId, disables);
}

function statusOf({ kind }: DeliveryEnd): 'pending' | 'delivered' | 'failed' {
  return kind === 'retried' ? 'pending' : kind;
}

async function noteDelivery(pool: pg.Pool, tenantId: string, endpointId: string): Promise<void> {
  await pool.query(
    `UPDATE webhook_endpoint SET failing_since = NULL, last_failure = NULL, last_delivered_at = now()
      WHERE tenant_id = $1 AND id = $2
        AND (failing_since IS NOT NULL OR last_delivered_at IS NULL
             OR last_delivered_at < now() - interval '${noteDeliveryEvery}')`,
    [tenantId, endpointId],
  );
}

async function noteFailure(
  client: pg.ClientBase,
  tenantId: string,
  endpointId: string,
  { failure = 'unknown' }: AttemptResult,
): Promise<void> {
  await client.query(
    `UPDATE webhook_endpoint SET failing_since = coalesce(failing_since, now()), last_failure = $3
      WHERE tenant_id = $1 AND id = $2`,
    [tenantId, endpointId, failure],
  );
}

/** Waiting deliveries are skipped, and the event is recorded in the same transaction. */
async function disable(
  client: pg.ClientBase,
  tenantId: string,
  endpointId: string,
  reason: 'gone' | 'failing',
): Promise<boolean> {
  const { rowCount } = await client.query(
    `WITH disabled AS (
       UPDATE webhook_endpoint SET disabled_at = now(), disabled_reason = $3, updated_at = now()
        WHERE tenant_id = $1 AND id = $2 AND disabled_at IS NULL RETURNING *)
     INSERT INTO webhook_event (tenant_id, value)
     SELECT tenant_id, jsonb_build_object(
              'endpoint_id', id, 'tenant_id', tenant_id, 'reason', disabled_reason, 'last_failure', last_failure,
              'failing_since', to_char(failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'at', to_char(disabled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       FROM disabled`,
    [tenantId, endpointId, reason],
  );
  await inBatches(skippedAtOnce, () =>
    client.query(
      `UPDATE webhook_delivery SET status = 'skipped', next_attempt_at = NULL, ended_at = now()
        WHERE id IN (SELECT id FROM webhook_delivery
                      WHERE tenant_id = $1 AND endpoint_id = $2 AND status = 'pending' LIMIT $3)`,
      [tenantId, endpointId, skippedAtOnce],
    ),
  );
  return rowCount === 1;
}

import { isTransient } from '@action-mesh/postgres';
import type pg from 'pg';

import type {
  NewDelivery,
  WebhookRecord,
  SelectableOutcome,
  SelectedOutcome,
} from '../../application/endpoints/webhook-record.port.js';
import { DeliveryRecordUnavailableError } from '../../domain/webhooks.errors.js';

interface SelectedRow {
  readonly outcome: number;
  readonly endpoint_id: string;
}

/**
 * Selects endpoints and records deliveries for many tenants in one statement each, as the role of the service. The tenant is
 * in every condition.
 */
export class PostgresWebhookRecord implements WebhookRecord {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * An endpoint gets no outcome from before its creation. The run of a call that a trigger starts begins with the name of the
   * trigger. The ledger's clock is a clock of PostgreSQL too.
   */
  async select(outcomes: readonly SelectableOutcome[]): Promise<readonly SelectedOutcome[]> {
    const { rows } = await this.#query<SelectedRow>({
      name: 'select_webhooks',
      text: `SELECT o.place AS outcome, e.id AS endpoint_id
               FROM json_to_recordset($1)
                      AS o ("tenantId" text, "userId" text, "agentId" text, "runId" text, tool text, status text,
                            at timestamptz, place integer)
               JOIN webhook_endpoint e ON e.tenant_id = o."tenantId" AND e.created_at <= o.at
              WHERE (e.users IS NULL OR o."userId" = ANY (e.users))
                AND (e.agents IS NULL OR o."agentId" = ANY (e.agents))
                AND (e.runs IS NULL OR o."runId" = ANY (e.runs))
                AND (e.triggers IS NULL OR EXISTS (
                      SELECT FROM unnest(e.triggers) AS t WHERE starts_with(o."runId", 'trigger/' || t || '/')))
                AND (e.statuses IS NULL OR o.status = ANY (e.statuses))
                AND (e.tools IS NULL OR EXISTS (
                      SELECT FROM unnest(e.tools) AS t
                       WHERE o.tool = t OR (right(t, 1) = '*' AND starts_with(o.tool, left(t, -1)))))
              ORDER BY o.place, e.id`,
      values: [JSON.stringify(outcomes.map((outcome, place) => ({ ...outcome, place })))],
    });
    return rows.map(({ outcome, endpoint_id: endpointId }) => ({ outcome, endpointId }));
  }

  async record(deliveries: readonly NewDelivery[]): Promise<void> {
    await this.#query({
      name: 'record_webhooks',
      text: `INSERT INTO webhook_delivery
               (id, tenant_id, endpoint_id, call_id, seq, type, body, status, next_attempt_at, ended_at)
             SELECT n.id, e.tenant_id, e.id, n."callId", n.seq, n.type, n.body,
                    CASE WHEN e.disabled_at IS NULL THEN 'pending' ELSE 'skipped' END,
                    CASE WHEN e.disabled_at IS NULL THEN now() END,
                    CASE WHEN e.disabled_at IS NOT NULL THEN now() END
               FROM json_to_recordset($1)
                      AS n (id uuid, "tenantId" text, "endpointId" uuid, "callId" uuid, seq bigint, type text, body text)
               JOIN webhook_endpoint e ON e.id = n."endpointId" AND e.tenant_id = n."tenantId"
             ON CONFLICT DO NOTHING`,
      values: [JSON.stringify(deliveries)],
    });
  }

  async #query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#pool.query<Row>(statement);
    } catch (error) {
      throw isTransient(error) ? new DeliveryRecordUnavailableError(error) : error;
    }
  }
}

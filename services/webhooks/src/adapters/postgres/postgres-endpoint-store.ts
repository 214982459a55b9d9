import { webhookLimits, type WebhookEndpointRequest } from '@action-mesh/contracts/webhooks';
import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { EndpointName, EndpointStore } from '../../application/endpoints/endpoint-store.port.js';
import type { StoredEndpoint } from '../../domain/endpoints/endpoint.js';
import { endpointColumns, storedEndpointOf, type EndpointRow } from './endpoint-row.js';
import { inBatches } from './in-batches.js';

/** The deliveries that one statement removes. */
const removedAtOnce = 5_000;

/** Endpoints as rows of `webhook_endpoint`. Each statement runs as the role of the tenant. */
export class PostgresEndpointStore implements EndpointStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(tenantId: string): Promise<readonly StoredEndpoint[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<EndpointRow>(
        `SELECT ${endpointColumns} FROM webhook_endpoint WHERE tenant_id = $1 ORDER BY id`,
        [tenantId],
      ),
    );
    return rows.map(storedEndpointOf);
  }

  find(name: EndpointName): Promise<StoredEndpoint | undefined> {
    return this.#one(
      name,
      `SELECT ${endpointColumns} FROM webhook_endpoint WHERE tenant_id = $1 AND id = $2`,
    );
  }

  create(
    { tenantId, id }: EndpointName,
    request: WebhookEndpointRequest,
    secret: Buffer,
    createdBy: string,
  ): Promise<StoredEndpoint | 'too_many'> {
    return withTenant(this.#pool, tenantId, async (client) => {
      // No two callers pass the limit together.
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint/' || $1, 0))`, [
        tenantId,
      ]);
      const { rows: counted } = await client.query<{ known: number }>(
        'SELECT count(*)::integer AS known FROM webhook_endpoint WHERE tenant_id = $1',
        [tenantId],
      );
      if ((counted[0]?.known ?? 0) >= webhookLimits.endpoints) return 'too_many';
      const { rows } = await client.query<EndpointRow>(
        `INSERT INTO webhook_endpoint (id, tenant_id, url, description, users, agents, runs, triggers, tools, statuses, secret, created_by)
         VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING ${endpointColumns}`,
        [tenantId, id, ...columnsOf(request), secret, createdBy],
      );
      const [created] = rows.map(storedEndpointOf);
      if (created === undefined) throw new Error('the endpoint was not inserted');
      return created;
    });
  }

  change(name: EndpointName, request: WebhookEndpointRequest): Promise<StoredEndpoint | undefined> {
    return this.#one(
      name,
      `UPDATE webhook_endpoint
          SET url = $3, description = $4, users = $5, agents = $6, runs = $7, triggers = $8, tools = $9, statuses = $10,
              updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 RETURNING ${endpointColumns}`,
      columnsOf(request),
    );
  }

  rotate(name: EndpointName, secret: Buffer, overlapS: number): Promise<StoredEndpoint | undefined> {
    return this.#one(
      name,
      `UPDATE webhook_endpoint
          SET secret = $3, former_secret = CASE WHEN $4 > 0 THEN secret END,
              former_until = CASE WHEN $4 > 0 THEN clock_timestamp() + $4 * interval '1 second' END,
              updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 RETURNING ${endpointColumns}`,
      [secret, overlapS],
    );
  }

  enable(name: EndpointName): Promise<StoredEndpoint | undefined> {
    return this.#one(
      name,
      `UPDATE webhook_endpoint
          SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 RETURNING ${endpointColumns}`,
    );
  }

  /** A removal that is cut off leaves the endpoint with its newest deliveries, and can be repeated. */
  async remove({ tenantId, id }: EndpointName): Promise<boolean> {
    // Each batch commits by itself, so no lock stops the consumer of outcomes meanwhile.
    await inBatches(removedAtOnce, () =>
      withTenant(this.#pool, tenantId, (client) =>
        client.query(
          `DELETE FROM webhook_delivery
            WHERE id IN (SELECT id FROM webhook_delivery WHERE tenant_id = $1 AND endpoint_id = $2
                          ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)`,
          [tenantId, id, removedAtOnce],
        ),
      ),
    );
    const { rowCount } = await withTenant(this.#pool, tenantId, (client) =>
      client.query('DELETE FROM webhook_endpoint WHERE tenant_id = $1 AND id = $2', [tenantId, id]),
    );
    return rowCount === 1;
  }

  async #one(
    { tenantId, id }: EndpointName,
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<StoredEndpoint | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<EndpointRow>(statement, [tenantId, id, ...values]),
    );
    return rows.map(storedEndpointOf)[0];
  }
}

function columnsOf({ url, description, filter = {} }: WebhookEndpointRequest): readonly unknown[] {
  const { users, agents, runs, triggers, tools, statuses } = filter;
  return [url, description, users, agents, runs, triggers, tools, statuses].map((value) => value ?? null);
}

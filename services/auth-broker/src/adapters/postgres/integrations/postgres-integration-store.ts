import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { ChangedBy } from '../../../application/api-key-store.port.js';
import type {
  IntegrationChange,
  IntegrationName,
  IntegrationStore,
} from '../../../application/integrations/integration-store.port.js';
import type { CountedIntegration } from '../../../domain/integrations/integration-changes.js';
import { integrationColumns, storedIntegrationOf, type IntegrationRow } from './integration-row.js';

/** The most integrations of a tenant: every executor and gateway holds all of them in memory. */
const mostIntegrations = 200;

type CountedRow = IntegrationRow & { readonly connections: number };

const countedColumns = `${integrationColumns}, (
  SELECT count(*)::integer FROM connection c
   WHERE c.tenant_id = integration.tenant_id AND c.integration = integration.integration
     AND c.state <> 'revoked') AS connections`;

/** Integrations as rows of `integration`. The methods for one tenant run as the role of that tenant. */
export class PostgresIntegrationStore implements IntegrationStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async list(tenantId: string): Promise<readonly CountedIntegration[]> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<CountedRow>(
        `SELECT ${countedColumns} FROM integration WHERE tenant_id = $1 AND removed_at IS NULL ORDER BY integration`,
        [tenantId],
      ),
    );
    return rows.map(countedOf);
  }

  async find({ tenantId, integration }: IntegrationName): Promise<CountedIntegration | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<CountedRow>(
        `SELECT ${countedColumns} FROM integration
          WHERE tenant_id = $1 AND integration = $2 AND removed_at IS NULL`,
        [tenantId, integration],
      ),
    );
    return rows.map(countedOf)[0];
  }

  put(
    name: IntegrationName,
    decide: (before: CountedIntegration | undefined) => IntegrationChange,
    by: ChangedBy,
  ): Promise<'put' | 'no_tenant' | 'too_many'> {
    const { tenantId, integration } = name;
    return withTenant(this.#pool, tenantId, async (client) => {
      // The lock on the tenant lets no two callers pass the limit together, nor decide on the same state.
      const tenant = await client.query(
        'SELECT FROM tenant WHERE tenant_id = $1 AND removed_at IS NULL FOR UPDATE',
        [tenantId],
      );
      if (tenant.rowCount === 0) return 'no_tenant';
      await lock(client, name);
      const { rows } = await client.query<CountedRow & { readonly is_removed: boolean }>(
        `SELECT ${countedColumns}, removed_at IS NOT NULL AS is_removed FROM integration
          WHERE tenant_id = $1 AND integration = $2`,
        [tenantId, integration],
      );
      const [row] = rows;
      const isKnown = row !== undefined && (!row.is_removed || row.connections > 0);
      const change = decide(isKnown ? countedOf(row) : undefined);
      if (row?.is_removed !== false && !(await hasRoom(client, tenantId))) return 'too_many';
      await upsert(client, name, change, by);
      return 'put';
    });
  }

  remove(
    name: IntegrationName,
    decide: (connections: number) => void,
    { holder, atMs }: ChangedBy,
  ): Promise<boolean> {
    const { tenantId, integration } = name;
    return withTenant(this.#pool, tenantId, async (client) => {
      await lock(client, name);
      const { rows } = await client.query<CountedRow>(
        `SELECT ${countedColumns} FROM integration
          WHERE tenant_id = $1 AND integration = $2 AND removed_at IS NULL`,
        [tenantId, integration],
      );
      const [row] = rows;
      if (row === undefined) return false;
      decide(row.connections);
      await client.query(
        'UPDATE integration SET removed_at = $3, removed_by = $4 WHERE tenant_id = $1 AND integration = $2',
        [tenantId, integration, new Date(atMs), holder],
      );
      return true;
    });
  }

  async eraseRemoved(): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `UPDATE integration SET client_secret = NULL
        WHERE removed_at IS NOT NULL AND client_secret IS NOT NULL
          AND NOT EXISTS (SELECT FROM connection c
                           WHERE c.tenant_id = integration.tenant_id AND c.integration = integration.integration
                             AND c.state <> 'revoked')`,
    );
    return rowCount ?? 0;
  }
}

/** A connection that is saved meanwhile holds the row. Only a later statement counts it. */
async function lock(client: pg.ClientBase, { tenantId, integration }: IntegrationName): Promise<void> {
  await client.query('SELECT FROM integration WHERE tenant_id = $1 AND integration = $2 FOR UPDATE', [
    tenantId,
    integration,
  ]);
}

function countedOf(row: CountedRow): CountedIntegration {
  return { stored: storedIntegrationOf(row), connections: row.connections };
}

async function hasRoom(client: pg.ClientBase, tenantId: string): Promise<boolean> {
  const { rows } = await client.query<{ known: number }>(
    'SELECT count(*)::integer AS known FROM integration WHERE tenant_id = $1 AND removed_at IS NULL',
    [tenantId],
  );
  return (rows[0]?.known ?? 0) < mostIntegrations;
}

async function upsert(
  client: pg.ClientBase,
  { tenantId, integration }: IntegrationName,
  { settings, sealedSecret }: IntegrationChange,
  { holder, atMs }: ChangedBy,
): Promise<void> {
  const keeps = sealedSecret === undefined;
  await client.query(
    `INSERT INTO integration AS kept (tenant_id, integration, provider, client_id, client_secret, scopes, serves, hosts,
                                      base_url, settings, return_origins, updated_at, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (tenant_id, integration) DO UPDATE
        SET provider = EXCLUDED.provider, client_id = EXCLUDED.client_id, scopes = EXCLUDED.scopes,
            serves = EXCLUDED.serves, hosts = EXCLUDED.hosts, base_url = EXCLUDED.base_url,
            settings = EXCLUDED.settings, return_origins = EXCLUDED.return_origins,
            updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by,
            removed_at = NULL, removed_by = NULL,
            client_secret = CASE WHEN $14 THEN kept.client_secret ELSE EXCLUDED.client_secret END,
            broken_code = CASE WHEN $14 THEN kept.broken_code END,
            broken_since = CASE WHEN $14 THEN kept.broken_since END,
            retry_at = CASE WHEN $14 THEN kept.retry_at END`,
    [
      tenantId,
      integration,
      settings.provider,
      settings.clientId ?? null,
      sealedSecret ?? null,
      settings.scopes,
      settings.serves,
      settings.hosts,
      settings.baseUrl ?? null,
      JSON.stringify(settings.settings),
      settings.returnOrigins,
      new Date(atMs),
      holder,
      keeps,
    ],
  );
}

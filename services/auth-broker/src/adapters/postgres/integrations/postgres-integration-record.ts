import type { Integration } from '@action-mesh/contracts/auth-broker';
import type { ProviderDefinition } from '@action-mesh/providers';
import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { PublishedRecord, ReadRecord } from '../../../application/published-record.port.js';
import { publishedIntegration } from '../../../domain/integrations/stored-integration.js';
import { integrationColumns, storedIntegrationOf, type IntegrationRow } from './integration-row.js';

/** The number of the lock of publications of integrations. No other lock of the mesh uses it. */
const integrationLock = 1_296_388_938;

/**
 * All integrations of tenants that exist, for publication. Integrations of a provider that this version does not know
 * are not among them: no call can use them.
 */
export class PostgresIntegrationRecord implements PublishedRecord<Integration> {
  readonly #pool: pg.Pool;
  readonly #providers: ReadonlyMap<string, ProviderDefinition>;

  constructor(pool: pg.Pool, providers: ReadonlyMap<string, ProviderDefinition>) {
    this.#pool = pool;
    this.#providers = providers;
  }

  exclusively<Result>(work: (read: ReadRecord<Integration>) => Promise<Result>): Promise<Result> {
    return transact(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [integrationLock]);
      return work(() => this.#read(client));
    });
  }

  async #read(client: pg.ClientBase): Promise<readonly Integration[]> {
    const { rows } = await client.query<IntegrationRow>(
      `SELECT ${integrationColumns} FROM integration
        WHERE removed_at IS NULL
          AND EXISTS (SELECT FROM tenant t WHERE t.tenant_id = integration.tenant_id AND t.removed_at IS NULL)`,
    );
    return rows.map(storedIntegrationOf).flatMap((stored) => {
      const provider = this.#providers.get(stored.provider);
      return provider === undefined ? [] : [publishedIntegration(stored, provider)];
    });
  }
}

import { defined, systemClock, type Clock } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import type { ProviderDefinition } from '@action-mesh/providers';
import type pg from 'pg';

import type { Integrations, KnownIntegration } from '../../../application/connections/integrations.port.js';
import type { Vault } from '../../../application/connections/vault.port.js';
import { integrationHosts } from '../../../domain/integrations/stored-integration.js';
import { clientSecretOwner } from '../../../application/integrations/secret-owner.js';
import { integrationColumns, storedIntegrationOf, type IntegrationRow } from './integration-row.js';

/** The parts that read integrations. */
export interface PostgresIntegrationsParts {
  readonly pool: pg.Pool;
  readonly vault: Pick<Vault, 'open'>;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Integrations as rows of `integration`, with their opened secrets. Each statement runs as the role of the tenant. */
export class PostgresIntegrations implements Integrations {
  readonly #parts: PostgresIntegrationsParts;

  constructor(parts: PostgresIntegrationsParts) {
    this.#parts = parts;
  }

  find(tenantId: string, integration: string): Promise<KnownIntegration | undefined> {
    return this.#find(tenantId, integration, 'removed_at IS NULL');
  }

  findForRevocation(tenantId: string, integration: string): Promise<KnownIntegration | undefined> {
    return this.#find(tenantId, integration, 'true');
  }

  async noteBroken(tenantId: string, integration: string, code: string, retryAtMs: number): Promise<void> {
    const { pool, clock = systemClock } = this.#parts;
    await withTenant(pool, tenantId, (client) =>
      client.query(
        `UPDATE integration
            SET broken_code = $3, broken_since = coalesce(broken_since, $4), retry_at = $5
          WHERE tenant_id = $1 AND integration = $2`,
        [tenantId, integration, code, new Date(clock.now()), new Date(retryAtMs)],
      ),
    );
  }

  async noteWorking(tenantId: string, integration: string): Promise<void> {
    await withTenant(this.#parts.pool, tenantId, (client) =>
      client.query(
        `UPDATE integration SET broken_code = NULL, broken_since = NULL, retry_at = NULL
          WHERE tenant_id = $1 AND integration = $2 AND broken_code IS NOT NULL`,
        [tenantId, integration],
      ),
    );
  }

  async #find(
    tenantId: string,
    integration: string,
    condition: string,
  ): Promise<KnownIntegration | undefined> {
    const { pool, vault, providers } = this.#parts;
    const { rows } = await withTenant(pool, tenantId, (client) =>
      client.query<IntegrationRow>(
        `SELECT ${integrationColumns} FROM integration WHERE tenant_id = $1 AND integration = $2 AND ${condition}`,
        [tenantId, integration],
      ),
    );
    const stored = rows.map(storedIntegrationOf)[0];
    if (stored === undefined) return undefined;
    const provider = providers.get(stored.provider);
    if (provider === undefined) return undefined;
    const { sealedSecret, broken } = stored;
    const clientSecret =
      sealedSecret && (await vault.open(clientSecretOwner(stored), 'client_secret', sealedSecret));
    return {
      tenantId,
      integration,
      provider,
      scopes: stored.scopes,
      hosts: integrationHosts(stored, provider),
      settings: stored.settings,
      returnOrigins: stored.returnOrigins,
      ...defined({
        clientId: stored.clientId,
        clientSecret,
        baseUrl: stored.baseUrl,
        broken: broken && { code: broken.code, retryAtMs: broken.retryAtMs },
      }),
    };
  }
}

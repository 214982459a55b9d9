import { defined } from '@action-mesh/kernel';
import { z } from 'zod';

import type { StoredIntegration } from '../../../domain/integrations/stored-integration.js';

/** The columns of an integration, as the record has them. */
export interface IntegrationRow {
  readonly tenant_id: string;
  readonly integration: string;
  readonly provider: string;
  readonly client_id: string | null;
  readonly client_secret: Buffer | null;
  readonly scopes: string[];
  readonly serves: string[];
  readonly hosts: string[];
  readonly base_url: string | null;
  readonly settings: unknown;
  readonly return_origins: string[];
  readonly broken_code: string | null;
  readonly broken_since: Date | null;
  readonly retry_at: Date | null;
  readonly updated_at: Date;
}

/** The columns of `IntegrationRow`, for a statement on `integration` alone. */
export const integrationColumns = `tenant_id, integration, provider, client_id, client_secret, scopes, serves, hosts,
  base_url, settings, return_origins, broken_code, broken_since, retry_at, updated_at`;

const settingsSchema = z.record(z.string(), z.string());

export function storedIntegrationOf(row: IntegrationRow): StoredIntegration {
  const { broken_code: code, broken_since: since, retry_at: retryAt } = row;
  return {
    tenantId: row.tenant_id,
    integration: row.integration,
    provider: row.provider,
    scopes: row.scopes,
    serves: row.serves,
    hosts: row.hosts,
    settings: settingsSchema.parse(row.settings),
    returnOrigins: row.return_origins,
    updatedAt: row.updated_at.toISOString(),
    ...defined({
      clientId: row.client_id ?? undefined,
      sealedSecret: row.client_secret ?? undefined,
      baseUrl: row.base_url ?? undefined,
      broken:
        code === null
          ? undefined
          : { code, sinceMs: since?.getTime() ?? 0, retryAtMs: retryAt?.getTime() ?? 0 },
    }),
  };
}

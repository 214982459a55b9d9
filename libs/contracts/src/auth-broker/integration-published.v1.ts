import { defineEvent } from '@action-mesh/kernel';

import { topics } from '../topics.js';
import { integrationSchema, type Integration } from './connection.js';

/** The key of an integration: `acme/github`. */
export function integrationKey({
  tenant_id: tenantId,
  integration,
}: Pick<Integration, 'tenant_id' | 'integration'>): string {
  return `${tenantId}/${integration}`;
}

/** A tenant's integration. A tombstone removes it. */
export const IntegrationPublished = defineEvent({
  topic: topics.integrations.name,
  type: 'mesh.integration.published',
  version: 1,
  description: 'The set-up of a provider by a tenant, without secrets. A tombstone removes it.',
  key: integrationKey,
  schema: integrationSchema,
});

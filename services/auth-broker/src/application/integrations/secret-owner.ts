import type { SecretOwner } from '../connections/vault.port.js';
import type { StoredIntegration } from '../../domain/integrations/stored-integration.js';

/** The owner of a client secret: the integration at its provider, and no user. */
export function clientSecretOwner({
  tenantId,
  provider,
  integration,
}: Pick<StoredIntegration, 'tenantId' | 'provider' | 'integration'>): SecretOwner {
  return { tenantId, userId: '', provider, id: integration };
}

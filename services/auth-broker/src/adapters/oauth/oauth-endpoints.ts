import { endpointTraits, resolveTemplate, type EndpointTraits } from '@action-mesh/providers';

import type { KnownIntegration } from '../../application/connections/integrations.port.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import { failed, unsent, withSettings } from './token-failures.js';
import type { IssuerMetadata } from './issuer-metadata.js';

/**
 * The endpoints of an integration: from the data of its provider, or from the metadata of its issuer. A failure never
 * names a value.
 */
export async function endpointsOf(
  integration: KnownIntegration,
  metadata: IssuerMetadata,
): Promise<TokenResult<EndpointTraits>> {
  const { provider, settings, clientId } = integration;
  if (provider.auth.kind === 'fields') return failed(unsent('client', 'no_token_endpoint'));
  const known = withSettings(() => endpointTraits(provider, settings, clientId));
  if (!known.ok) return known;
  if (known.value !== undefined) return { ok: true, value: known.value };
  const issuer = withSettings(() => {
    resolveTemplate(provider, '{issuer}', settings);
    // An issuer may end in a slash, which a template removes.
    return settings['issuer'] ?? '';
  });
  if (!issuer.ok) return issuer;
  const found = await metadata.of(issuer.value);
  if (!found.ok) return found;
  const isPublic = (integration.clientSecret ?? '') === '';
  return { ok: true, value: isPublic ? { ...found.value, clientAuth: 'none' } : found.value };
}

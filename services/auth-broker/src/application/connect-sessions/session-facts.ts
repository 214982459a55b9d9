import { defined } from '@action-mesh/kernel';
import { expandScopes, providers, type ProviderDefinition } from '@action-mesh/providers';

import type { ConnectSession } from '../../domain/connect-sessions/connect-session.js';
import { returnTo } from '../../domain/connect-sessions/return-url.js';
import type { ConnectFacts } from './connect-answer.js';

/** The facts that each page of a session shows. */
export function factsOf({
  tenantId,
  userId,
  integration,
  provider,
  returnUrl,
}: Pick<ConnectSession, 'tenantId' | 'userId' | 'integration' | 'provider' | 'returnUrl'>): ConnectFacts {
  return {
    tenantId,
    userId,
    providerName: providerNameOf(integration, providers.get(provider)),
    ...defined({ returnHost: returnUrl === undefined ? undefined : new URL(returnUrl).host }),
  };
}

/** The name of a provider for people. A generic provider has the name that its tenant gave to the integration. */
function providerNameOf(integration: string, provider: ProviderDefinition | undefined): string {
  return provider === undefined || provider.hosts.length === 0 ? integration : provider.name;
}

/** The wanted scopes that were not granted. Empty: all were, or the provider does not report scopes. */
export function notGranted(
  provider: ProviderDefinition | undefined,
  wanted: readonly string[],
  granted: readonly string[] | undefined,
): readonly string[] {
  if (granted === undefined || provider === undefined) return [];
  const known = new Set(expandScopes(provider, granted));
  return wanted.filter((scope) => !known.has(scope));
}

/** The return address of a session that ended without a connection. */
export function backOf({ returnUrl, publicId }: ConnectSession, error: string): string | undefined {
  return returnUrl === undefined ? undefined : returnTo(returnUrl, { connect_session: publicId, error });
}

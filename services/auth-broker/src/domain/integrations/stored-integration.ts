import type { Integration, IntegrationView } from '@action-mesh/contracts/auth-broker';
import { defined } from '@action-mesh/kernel';
import {
  ProviderError,
  resolveTemplate,
  withoutSlash,
  type ProviderDefinition,
} from '@action-mesh/providers';

/** Why the provider refuses the client of an integration. */
export interface BrokenClient {
  readonly code: string;
  readonly sinceMs: number;
  /** No refresh goes out before. */
  readonly retryAtMs: number;
}

/** The settings of an integration, with the defaults of its provider where the tenant gave none. */
export interface IntegrationSettings {
  /** The id of the provider. */
  readonly provider: string;
  readonly clientId?: string;
  readonly scopes: readonly string[];
  readonly serves: readonly string[];
  /** The hosts beyond those of the provider. */
  readonly hosts: readonly string[];
  /** The address that the tenant gave. */
  readonly baseUrl?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly returnOrigins: readonly string[];
}

/** An integration in the record. */
export interface StoredIntegration extends IntegrationSettings {
  readonly tenantId: string;
  readonly integration: string;
  readonly sealedSecret?: Buffer;
  readonly broken?: BrokenClient;
  readonly updatedAt: string;
}

/** The only hosts that may get a credential of the integration. */
export function integrationHosts(
  { hosts: given }: Pick<IntegrationSettings, 'hosts'>,
  { hosts }: Pick<ProviderDefinition, 'hosts'>,
): string[] {
  return [...new Set([...hosts, ...given])];
}

/**
 * The address of the API, without a trailing slash. Undefined: each connection has its own, or the data of the provider
 * have changed and the settings do not fit any more.
 */
export function integrationBaseUrl(
  { baseUrl, settings }: Pick<IntegrationSettings, 'baseUrl' | 'settings'>,
  provider: ProviderDefinition,
): string | undefined {
  if (baseUrl !== undefined) return withoutSlash(baseUrl);
  if (provider.baseUrl === undefined) return undefined;
  try {
    return withoutSlash(resolveTemplate(provider, provider.baseUrl, settings));
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** The integration as executors and gateways know it. */
export function publishedIntegration(stored: StoredIntegration, provider: ProviderDefinition): Integration {
  return {
    tenant_id: stored.tenantId,
    integration: stored.integration,
    provider: stored.provider,
    serves: [...stored.serves],
    hosts: integrationHosts(stored, provider),
    ...defined({ base_url: integrationBaseUrl(stored, provider) }),
    changed_at: stored.updatedAt,
  };
}

/** Whether users of the provider give their consent in the browser, so the provider must know the redirect URI. */
function needsConsent({ auth }: ProviderDefinition): boolean {
  return auth.kind === 'oauth2' || auth.kind === 'discovered';
}

/** The integration as its administrators see it. It shows no secret. */
export function integrationView(
  stored: StoredIntegration,
  provider: ProviderDefinition,
  { connections, redirectUri }: { readonly connections: number; readonly redirectUri: string },
): IntegrationView {
  const { broken } = stored;
  return {
    integration: stored.integration,
    provider: stored.provider,
    name: provider.name,
    has_client_secret: stored.sealedSecret !== undefined,
    scopes: [...stored.scopes],
    serves: [...stored.serves],
    hosts: integrationHosts(stored, provider),
    settings: { ...stored.settings },
    return_origins: [...stored.returnOrigins],
    connections,
    updated_at: stored.updatedAt,
    ...defined({
      client_id: stored.clientId,
      base_url: integrationBaseUrl(stored, provider),
      redirect_uri: needsConsent(provider) ? redirectUri : undefined,
      broken: broken && { code: broken.code, since: new Date(broken.sinceMs).toISOString() },
    }),
  };
}

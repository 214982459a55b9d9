import type { ProviderDefinition } from '@action-mesh/providers';

/** A tenant's integration with its secret, in memory only while a request needs it. */
export interface KnownIntegration {
  readonly tenantId: string;
  readonly integration: string;
  readonly provider: ProviderDefinition;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly scopes: readonly string[];
  /** The hosts that may get a credential. */
  readonly hosts: readonly string[];
  /** The address of the API that the tenant gave. Absent: the provider or the connection has it. */
  readonly baseUrl?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly returnOrigins: readonly string[];
  /** The provider refuses the client. No request goes out before `retryAtMs`. */
  readonly broken?: { readonly code: string; readonly retryAtMs: number };
}

/** The integrations of tenants. */
export interface Integrations {
  find(tenantId: string, integration: string): Promise<KnownIntegration | undefined>;
  /** Finds a removed integration too: its connections may still have to be revoked, which needs the client. */
  findForRevocation(tenantId: string, integration: string): Promise<KnownIntegration | undefined>;
  /** Notes that the provider refuses the client itself, so all refreshes of this integration pause. */
  noteBroken(tenantId: string, integration: string, code: string, retryAtMs: number): Promise<void>;
  /** Notes that the provider accepts the client again. */
  noteWorking(tenantId: string, integration: string): Promise<void>;
}

export const Integrations = Symbol('Integrations');

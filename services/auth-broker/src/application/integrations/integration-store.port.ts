import type { CountedIntegration } from '../../domain/integrations/integration-changes.js';
import type { IntegrationSettings } from '../../domain/integrations/stored-integration.js';
import type { ChangedBy } from '../api-key-store.port.js';

/** The change of an integration, decided while no other change of it can happen. */
export interface IntegrationChange {
  readonly settings: IntegrationSettings;
  /** Undefined: the stored secret stays. Null: there is none from now on. */
  readonly sealedSecret: Buffer | null | undefined;
}

/** The names of an integration. */
export interface IntegrationName {
  readonly tenantId: string;
  readonly integration: string;
}

/** The record of integrations. A removed integration is not in it, and can be put again under its name. */
export interface IntegrationStore {
  /** By name. */
  list(tenantId: string): Promise<readonly CountedIntegration[]>;
  find(name: IntegrationName): Promise<CountedIntegration | undefined>;
  /**
   * Creates or changes an integration. `decide` gets the present integration, or a removed one with connections that
   * are not revoked yet. It may throw. A change with a secret ends the state `broken`.
   */
  put(
    name: IntegrationName,
    decide: (before: CountedIntegration | undefined) => IntegrationChange,
    by: ChangedBy,
  ): Promise<'put' | 'no_tenant' | 'too_many'>;
  /**
   * Removes an integration. `decide` gets the number of its connections and may throw. The row stays, because the
   * revocation of connections needs the client.
   */
  remove(name: IntegrationName, decide: (connections: number) => void, by: ChangedBy): Promise<boolean>;
  /** Erases the secrets of removed integrations without connections. */
  eraseRemoved(): Promise<number>;
}

export const IntegrationStore = Symbol('IntegrationStore');

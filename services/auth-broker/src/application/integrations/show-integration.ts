import type { InternalCaller } from '@action-mesh/contracts';
import type { IntegrationView } from '@action-mesh/contracts/auth-broker';
import type { ProviderDefinition } from '@action-mesh/providers';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import type { CountedIntegration } from '../../domain/integrations/integration-changes.js';
import { integrationView } from '../../domain/integrations/stored-integration.js';
import { requireScopes } from '../../domain/rights.js';
import type { IntegrationStore } from './integration-store.port.js';

/** The parts that show integrations. */
export interface ShowIntegrationParts {
  readonly store: IntegrationStore;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
  /** The address to register at the provider. */
  readonly redirectUriOf: (tenantId: string, integration: string) => string;
}

/** Shows the integrations of the caller's tenant, without their secrets. */
export class ShowIntegration {
  readonly #parts: ShowIntegrationParts;

  constructor(parts: ShowIntegrationParts) {
    this.#parts = parts;
  }

  /** By name. Errors: `AUTH_BROKER_MISSING_RIGHT`. */
  async list(caller: InternalCaller): Promise<IntegrationView[]> {
    requireScopes(caller, ['connections:read'], 'a list of integrations');
    const found = await this.#parts.store.list(caller.tenantId);
    return found.flatMap((each) => this.#viewOf(each) ?? []);
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, integration: string): Promise<IntegrationView> {
    requireScopes(caller, ['connections:read'], 'an integration');
    const found = await this.#parts.store.find({ tenantId: caller.tenantId, integration });
    const view = found && this.#viewOf(found);
    if (view === undefined) throw new UnknownIdentityError('integration');
    return view;
  }

  /** Undefined for a provider that this version does not know. */
  #viewOf({ stored, connections }: CountedIntegration): IntegrationView | undefined {
    const provider = this.#parts.providers.get(stored.provider);
    if (provider === undefined) return undefined;
    const redirectUri = this.#parts.redirectUriOf(stored.tenantId, stored.integration);
    return integrationView(stored, provider, { connections, redirectUri });
  }
}

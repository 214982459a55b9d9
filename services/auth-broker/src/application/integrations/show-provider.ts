import type { InternalCaller } from '@action-mesh/contracts';
import type { ProviderView } from '@action-mesh/contracts/auth-broker';
import type { ProviderDefinition } from '@action-mesh/providers';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { providerView } from '../../domain/integrations/provider-view.js';
import { requireScopes } from '../../domain/rights.js';

/** Shows the providers of the registry. */
export class ShowProvider {
  readonly #providers: ReadonlyMap<string, ProviderDefinition>;

  constructor(providers: ReadonlyMap<string, ProviderDefinition>) {
    this.#providers = providers;
  }

  /** By id. Errors: `AUTH_BROKER_MISSING_RIGHT`. */
  list(caller: InternalCaller): ProviderView[] {
    requireScopes(caller, ['connections:read'], 'a list of providers');
    return [...this.#providers.values()].map(providerView).sort((a, b) => (a.provider < b.provider ? -1 : 1));
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_MISSING_RIGHT`. */
  run(caller: InternalCaller, id: string): ProviderView {
    requireScopes(caller, ['connections:read'], 'a provider');
    const provider = this.#providers.get(id);
    if (provider === undefined) throw new UnknownIdentityError('provider');
    return providerView(provider);
  }
}

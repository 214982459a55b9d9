import type { InternalCaller } from '@action-mesh/contracts';
import type { IntegrationView } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { IdentityConflictError, UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { keepsSecret } from '../../domain/integrations/integration-changes.js';
import { readIntegration, type IntegrationRules } from '../../domain/integrations/integration-settings.js';
import { requireScopes } from '../../domain/rights.js';
import type { Vault } from '../connections/vault.port.js';
import type { IntegrationStore } from './integration-store.port.js';
import type { PublishIntegrations } from './publish-integrations.js';
import { clientSecretOwner } from './secret-owner.js';
import type { ShowIntegration } from './show-integration.js';

/** The parts that change integrations. */
export interface PutIntegrationParts {
  readonly store: IntegrationStore;
  readonly vault: Pick<Vault, 'seal'>;
  readonly rules: IntegrationRules;
  readonly publish: Pick<PublishIntegrations, 'soon'>;
  readonly show: ShowIntegration;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Sets up a provider for the caller's tenant, or changes the set-up. Connections stay. */
export class PutIntegration {
  readonly #parts: PutIntegrationParts;

  constructor(parts: PutIntegrationParts) {
    this.#parts = parts;
  }

  /** Errors: `AUTH_BROKER_INVALID` with every problem, `AUTH_BROKER_CONFLICT`, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, integration: string, body: unknown): Promise<IntegrationView> {
    requireScopes(caller, ['connections:admin'], 'the administration of integrations');
    const { store, vault, rules, publish, show, clock = systemClock } = this.#parts;
    const { tenantId, holder } = caller;
    const written = readIntegration(integration, body, rules);
    const { settings, clientSecret } = written;
    const owner = clientSecretOwner({ tenantId, integration, provider: settings.provider });
    const sealed = clientSecret === undefined ? null : await vault.seal(owner, 'client_secret', clientSecret);
    const result = await store.put(
      { tenantId, integration },
      (before) => ({ settings, sealedSecret: keepsSecret(written, before) ? undefined : sealed }),
      { holder, atMs: clock.now() },
    );
    if (result === 'no_tenant') throw new UnknownIdentityError('tenant');
    if (result === 'too_many')
      throw new IdentityConflictError(
        'the tenant has as many integrations as it may have; remove those that are not used',
      );
    await publish.soon();
    return show.run({ ...caller, scopes: new Set([...caller.scopes, 'connections:read']) }, integration);
  }
}

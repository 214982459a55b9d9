import type { InternalCaller } from '@action-mesh/contracts';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { UnknownIdentityError } from '../../domain/auth-broker.errors.js';
import { requireNoConnections } from '../../domain/integrations/integration-changes.js';
import { requireScopes } from '../../domain/rights.js';
import type { Disconnections } from '../connections/disconnections.port.js';
import type { IntegrationStore } from './integration-store.port.js';
import type { PublishIntegrations } from './publish-integrations.js';

/** The parts that remove integrations. */
export interface RemoveIntegrationParts {
  readonly store: IntegrationStore;
  readonly publish: Pick<PublishIntegrations, 'soon'>;
  readonly disconnect: Pick<Disconnections, 'begin'>;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Removes an integration of the caller's tenant. Disconnects its connections too, if the caller says so. */
export class RemoveIntegration {
  readonly #parts: RemoveIntegrationParts;

  constructor(parts: RemoveIntegrationParts) {
    this.#parts = parts;
  }

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_CONFLICT` with connections, `AUTH_BROKER_MISSING_RIGHT`. */
  async run(caller: InternalCaller, integration: string, withConnections: boolean): Promise<void> {
    requireScopes(caller, ['connections:admin'], 'the administration of integrations');
    const { store, publish, disconnect, clock = systemClock } = this.#parts;
    const { tenantId, holder } = caller;
    const wasThere = await store.remove(
      { tenantId, integration },
      (connections) => requireNoConnections(connections, withConnections),
      { holder, atMs: clock.now() },
    );
    if (!wasThere) throw new UnknownIdentityError('integration');
    await disconnect.begin(tenantId, { integration });
    await publish.soon();
  }
}

import { missingEntry } from '@action-mesh/egress';
import { Repeater, type Logger, type OpenResources } from '@action-mesh/platform';
import { providers } from '@action-mesh/providers';
import type { Provider, Type } from '@nestjs/common';
import type { Pool } from 'pg';

import { InternalIntegrationsController } from './adapters/http/internal-integrations.controller.js';
import { InternalProvidersController } from './adapters/http/internal-providers.controller.js';
import { PostgresIntegrationStore } from './adapters/postgres/integrations/postgres-integration-store.js';
import { PostgresIntegrations } from './adapters/postgres/integrations/postgres-integrations.js';
import type { ConnectionStore } from './application/connections/connection-store.port.js';
import type { Disconnections } from './application/connections/disconnections.port.js';
import { ChangeConnections } from './application/connection-administration/change-connections.js';
import { ShowConnections } from './application/connection-administration/show-connections.js';
import { PostgresConnectionPages } from './adapters/postgres/connections/postgres-connection-pages.js';
import { InternalConnectionsController } from './adapters/http/internal-connections.controller.js';
import { connectLinks } from './connect.module.js';
import type { Vault } from './application/connections/vault.port.js';
import type { PublishIntegrations } from './application/integrations/publish-integrations.js';
import { PutIntegration } from './application/integrations/put-integration.js';
import { RemoveIntegration } from './application/integrations/remove-integration.js';
import { ShowIntegration } from './application/integrations/show-integration.js';
import { ShowProvider } from './application/integrations/show-provider.js';
import type { AuthBrokerConfig } from './config.js';
import { redirectUriOf } from './domain/connect-sessions/public-address.js';

interface IntegrationNeeds {
  readonly config: Pick<AuthBrokerConfig, 'publicUrl' | 'egressAllow' | 'serviceKey'>;
  readonly logger: Logger;
  readonly open: OpenResources;
  readonly pool: Pool;
  readonly vault: Vault;
  readonly publishIntegrations: PublishIntegrations;
  readonly connections: ConnectionStore;
  readonly disconnect: Pick<Disconnections, 'begin'>;
}

/** The administration of integrations and connections, ready for Nest. */
export interface IntegrationParts {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

const eraseEveryMs = 60_000;

/** The integrations of tenants, for all users of their clients. */
export function openIntegrations(pool: Pool, vault: Vault): PostgresIntegrations {
  return new PostgresIntegrations({ pool, vault, providers });
}

/** Binds the use cases behind the routes for providers, integrations and connections. */
export function composeIntegrations({
  config,
  logger,
  open,
  pool,
  vault,
  publishIntegrations: publish,
  connections,
  disconnect,
}: IntegrationNeeds): IntegrationParts {
  const store = new PostgresIntegrationStore(pool);
  const show = new ShowIntegration({
    store,
    providers,
    redirectUriOf: (tenantId, integration) => redirectUriOf(config.publicUrl, tenantId, integration),
  });
  const showConnections = new ShowConnections({
    pages: new PostgresConnectionPages(pool),
    store: connections,
    links: connectLinks(config.publicUrl, config.serviceKey),
    providers,
  });
  const changes = { store: connections, show: showConnections, disconnect };
  const rules = { providers, missingEntry: (url: string) => missingEntry(url, config.egressAllow) };
  open.use(
    new Repeater({
      run: () => store.eraseRemoved(),
      everyMs: eraseEveryMs,
      onError: (err) => logger.warn({ err }, 'secrets of removed integrations could not be erased'),
    }),
  );
  return {
    controllers: [InternalProvidersController, InternalIntegrationsController, InternalConnectionsController],
    providers: [
      { provide: ShowConnections, useValue: showConnections },
      { provide: ChangeConnections, useValue: new ChangeConnections(changes) },
      { provide: ShowProvider, useValue: new ShowProvider(providers) },
      { provide: ShowIntegration, useValue: show },
      { provide: PutIntegration, useValue: new PutIntegration({ store, vault, rules, publish, show }) },
      { provide: RemoveIntegration, useValue: new RemoveIntegration({ store, publish, disconnect }) },
    ],
  };
}

import { fileURLToPath } from 'node:url';

import { topicConfigurations } from '@action-mesh/contracts';
import { Egress } from '@action-mesh/egress';
import { ensureTopics, withSpans, type KafkaTransport } from '@action-mesh/messaging';
import {
  HealthChecks,
  OpenResources,
  Repeater,
  type Logger,
  type ServiceTelemetry,
} from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { EgressJwkSetSource } from './adapters/egress/egress-jwk-set-source.js';
import { InternalKeyUsesController } from './adapters/http/internal-key-uses.controller.js';
import { InternalKeysController } from './adapters/http/internal-keys.controller.js';
import { InternalSwitchesController } from './adapters/http/internal-switches.controller.js';
import { InternalTenantsController } from './adapters/http/internal-tenants.controller.js';
import { SimpleOAuth2Client } from './adapters/oauth/simple-oauth2-client.js';
import { PostgresBootstrapStore } from './adapters/postgres/postgres-bootstrap-store.js';
import { PostgresJwkSetStore } from './adapters/postgres/postgres-jwk-set-store.js';
import { WatchedConnects } from './adapters/telemetry/watched-connects.js';
import { WatchedRefreshes } from './adapters/telemetry/watched-refreshes.js';
import { AdoptBootstrapKeys } from './application/adopt-bootstrap-keys.js';
import type { PublishIntegrations } from './application/integrations/publish-integrations.js';
import type { PublishPolicies } from './application/policies/publish-policies.js';
import type { PublishIdentities } from './application/publish-identities.js';
import { ReadJwkSets } from './application/read-jwk-sets.js';
import { administration } from './administration.module.js';
import type { AuthBrokerConfig } from './config.js';
import { composeConnectFlow, connectLinks } from './connect.module.js';
import { openConnections } from './connections.module.js';
import { composeCredentials } from './credentials.module.js';
import { composeIntegrations, openIntegrations } from './integrations.module.js';
import { composePolicies } from './policies.module.js';
import { openPublications } from './publications.module.js';

const schema = 'auth_broker';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
const readJwkSetsEveryMs = 5_000;

/** The parts of the auth broker, ready to be bound into Nest. */
export interface AuthBrokerParts {
  readonly module: DynamicModule;
  /** Takes requests for credentials. */
  readonly server: KafkaTransport;
  readonly adoptBootstrapKeys: AdoptBootstrapKeys;
  readonly publishIdentities: PublishIdentities;
  readonly publishIntegrations: PublishIntegrations;
  readonly publishPolicies: PublishPolicies;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class AuthBrokerModule {}
Module({})(AuthBrokerModule);

/** Binds ports to adapters. If a resource is missing, it rejects and leaves nothing open. */
export async function composeAuthBroker(
  config: AuthBrokerConfig,
  logger: Logger,
  telemetry: Pick<ServiceTelemetry, 'spans' | 'metrics'>,
): Promise<AuthBrokerParts> {
  const open = new OpenResources();
  try {
    return await compose(withSpans(config, telemetry.spans), logger, { open, ...telemetry });
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(
  config: AuthBrokerConfig,
  logger: Logger,
  { open, spans, metrics }: Pick<ServiceTelemetry, 'spans' | 'metrics'> & { readonly open: OpenResources },
): Promise<AuthBrokerParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'auth-broker',
      maxConnections: 4,
    }),
    (used) => used.end(),
  );
  const connections = await openConnections(config, logger, open);
  const { publishIdentities, publishIntegrations, publishPolicies } = openPublications({
    config,
    logger,
    open,
    pool,
  });
  const policies = composePolicies(pool, publishPolicies);
  const integrations = composeIntegrations({
    config,
    logger,
    open,
    pool,
    vault: connections.vault,
    publishIntegrations,
    connections: connections.connections,
    disconnect: connections.disconnections,
  });
  const egress = open.use(new Egress({ allow: config.egressAllow }));
  const knownIntegrations = openIntegrations(connections.pool, connections.vault);
  const oauth = new SimpleOAuth2Client(egress);
  const credentials = composeCredentials({
    config,
    logger,
    open,
    connections,
    integrations: knownIntegrations,
    oauth,
    links: connectLinks(config.publicUrl, config.serviceKey),
    watch: new WatchedRefreshes(spans, metrics),
  });
  const connectFlow = composeConnectFlow({
    pool: connections.pool,
    vault: connections.vault,
    saveConnection: connections.saveConnection,
    watch: new WatchedConnects(spans),
    integrations: knownIntegrations,
    oauth,
    serviceKey: config.serviceKey,
    publicUrl: config.publicUrl,
    logger,
    open,
  });
  const readJwkSets = new ReadJwkSets(new PostgresJwkSetStore(pool), new EgressJwkSetSource(egress));
  open.use(
    new Repeater({
      run: () => readJwkSets.run(),
      everyMs: readJwkSetsEveryMs,
      onError: (err) => logger.warn({ err }, 'JWK sets could not be read and will be tried again'),
    }),
  );
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    adoptBootstrapKeys: new AdoptBootstrapKeys(new PostgresBootstrapStore(pool)),
    publishIdentities,
    publishIntegrations,
    publishPolicies,
    close,
    server: credentials.server,
    module: {
      module: AuthBrokerModule,
      controllers: [
        InternalKeysController,
        InternalTenantsController,
        InternalSwitchesController,
        InternalKeyUsesController,
        ...policies.controllers,
        ...integrations.controllers,
        ...credentials.controllers,
        ...connectFlow.controllers,
      ],
      providers: [
        ...connections.providers,
        ...policies.providers,
        ...integrations.providers,
        ...credentials.providers,
        ...connectFlow.providers,
        ...administration({ pool, publishIdentities, readJwkSets, environment: config.environment }),
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool),
      ],
    },
  };
}

/** Reports whether the broker can change identities. Calls run without it. */
function healthOf(pool: Pool): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'database',
        ready: () =>
          pool.query('SELECT 1').then(
            () => undefined,
            () => 'PostgreSQL does not answer',
          ),
      });
    },
  };
}

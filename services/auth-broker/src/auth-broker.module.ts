import { fileURLToPath } from 'node:url';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { IdentityPublished } from '@action-mesh/contracts/auth-broker';
import { Egress } from '@action-mesh/egress';
import { systemClock } from '@action-mesh/kernel';
import { CompactedTopic, ensureTopics, KafkaProducer } from '@action-mesh/messaging';
import { HealthChecks, OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { EgressJwkSetSource } from './adapters/egress/egress-jwk-set-source.js';
import { InternalKeyUsesController } from './adapters/http/internal-key-uses.controller.js';
import { InternalKeysController } from './adapters/http/internal-keys.controller.js';
import { InternalSwitchesController } from './adapters/http/internal-switches.controller.js';
import { InternalTenantsController } from './adapters/http/internal-tenants.controller.js';
import { KafkaIdentityTopic } from './adapters/kafka/kafka-identity-topic.js';
import { PostgresBootstrapStore } from './adapters/postgres/postgres-bootstrap-store.js';
import { PostgresIdentityRecord } from './adapters/postgres/postgres-identity-record.js';
import { PostgresJwkSetStore } from './adapters/postgres/postgres-jwk-set-store.js';
import { AdoptBootstrapKeys } from './application/adopt-bootstrap-keys.js';
import { PublishIdentities } from './application/publish-identities.js';
import { ReadJwkSets } from './application/read-jwk-sets.js';
import { administration } from './administration.module.js';
import type { AuthBrokerConfig } from './config.js';

const schema = 'auth_broker';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
const publishEveryMs = 3_000;
/** The time within which a record of another writer leads to a comparison with the record, milliseconds. */
const compareWithinMs = 250;
const readJwkSetsEveryMs = 5_000;
/** The server ends an idle transaction after 10 s. A publication sends within one, after up to 3 s of reading. */
const deliveryTimeoutMs = 5_000;

/** The parts of the auth broker, ready to be bound into Nest. */
export interface AuthBrokerParts {
  readonly module: DynamicModule;
  readonly adoptBootstrapKeys: AdoptBootstrapKeys;
  readonly publishIdentities: PublishIdentities;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class AuthBrokerModule {}
Module({})(AuthBrokerModule);

/** Binds ports to adapters. If a resource is missing, it rejects and leaves nothing open. */
export async function composeAuthBroker(config: AuthBrokerConfig, logger: Logger): Promise<AuthBrokerParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(
  config: AuthBrokerConfig,
  logger: Logger,
  open: OpenResources,
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
  const publishIdentities = openPublication(config, logger, open, pool);
  const egress = open.use(new Egress({ allow: config.egressAllow }));
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
    close,
    module: {
      module: AuthBrokerModule,
      controllers: [
        InternalKeysController,
        InternalTenantsController,
        InternalSwitchesController,
        InternalKeyUsesController,
      ],
      providers: [
        ...administration({ pool, publishIdentities, readJwkSets, environment: config.environment }),
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool),
      ],
    },
  };
}

/** Opens the topic of identities, and keeps it equal to the record. */
function openPublication(
  { kafka: client }: AuthBrokerConfig,
  logger: Logger,
  open: OpenResources,
  pool: Pool,
): PublishIdentities {
  const producer = open.add(
    new KafkaProducer({ client, topics: [topics.identity.name], deliveryTimeoutMs }),
    (used) => used.close(),
  );
  const view = open.use(
    new CompactedTopic({
      client,
      definition: IdentityPublished,
      onUndecodable: (err) => logger.error({ err }, 'a published identity could not be decoded'),
    }),
  );
  const topic = new KafkaIdentityTopic(view, producer, () => repeater.wakeWithin(compareWithinMs));
  const publishIdentities = new PublishIdentities(new PostgresIdentityRecord(pool, systemClock), topic);
  // Publishes changes that a broker refused, retracts keys after their expiry, and repairs records of other writers.
  const repeater = open.use(
    new Repeater({
      run: () => publishIdentities.run(),
      everyMs: publishEveryMs,
      onError: (err) => logger.warn({ err }, 'identities could not be published and will be tried again'),
    }),
  );
  return publishIdentities;
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

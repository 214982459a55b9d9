import { fileURLToPath } from 'node:url';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { TriggerDeclared } from '@action-mesh/contracts/webhooks';
import { systemClock } from '@action-mesh/kernel';
import { CompactedTopic, ensureTopics, KafkaProducer, type KafkaTransport } from '@action-mesh/messaging';
import { HealthChecks, OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { SealedTriggerSecrets } from '@action-mesh/triggers';
import { openDataKeys } from '@action-mesh/vault';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { InternalTriggersController, TriggerUseCases } from './adapters/http/internal-triggers.controller.js';
import { FiredTriggersController } from './adapters/kafka/fired-triggers.controller.js';
import { KafkaDeclarations } from './adapters/kafka/kafka-declarations.js';
import { PostgresTriggerRecord } from './adapters/postgres/postgres-trigger-record.js';
import { PostgresTriggerStore } from './adapters/postgres/postgres-trigger-store.js';
import { EnvelopeSecrets } from './adapters/vault/envelope-secrets.js';
import { PublishTriggers } from './application/publish-triggers.js';
import { PutTrigger } from './application/put-trigger.js';
import { RemoveTrigger } from './application/remove-trigger.js';
import { RotateTriggerSecret } from './application/rotate-trigger-secret.js';
import { ShowDeliveries } from './application/show-deliveries.js';
import { ShowTrigger } from './application/show-trigger.js';
import { Secrets } from './application/secrets.port.js';
import type { WebhooksConfig } from './config.js';
import { openDeliveries } from './deliveries.module.js';
import { composeEndpoints } from './endpoints.module.js';

const schema = 'webhooks';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
const publishEveryMs = 3_000;

/** The parts of the service, ready to be bound into Nest. */
export interface WebhooksParts {
  readonly module: DynamicModule;
  /** Takes records from Kafka. */
  readonly servers: readonly KafkaTransport[];
  readonly publishTriggers: PublishTriggers;
  /** Begins the work on deliveries and schedules. */
  readonly start: () => void;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class WebhooksModule {}
Module({})(WebhooksModule);

/** Binds ports to adapters. If a resource is missing, it rejects and leaves nothing open. */
export async function composeWebhooks(config: WebhooksConfig, logger: Logger): Promise<WebhooksParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(config: WebhooksConfig, logger: Logger, open: OpenResources): Promise<WebhooksParts> {
  const clock = systemClock;
  const { kafka: client, publicUrl } = config;
  await ensureTopics(client, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'webhooks',
      maxConnections: 8,
    }),
    (used) => used.end(),
  );
  const secrets = new EnvelopeSecrets(await openDataKeys(config.vault, pool, logger, open));
  const endpoints = composeEndpoints({ config, logger, open, pool, secrets });
  const store = new PostgresTriggerStore(pool, secrets);
  const publish = openPublication(config, logger, open, new PostgresTriggerRecord(pool, secrets));
  const work = await openDeliveries({ config, logger, open, pool, triggers: store });
  const show = new ShowTrigger({ store, publish, publicUrl, clock });
  const cases: TriggerUseCases = {
    show,
    put: new PutTrigger({ store, mapper: work.mapper, show, clock }),
    rotate: new RotateTriggerSecret({ store, show, clock }),
    remove: new RemoveTrigger(store, publish),
    deliveries: new ShowDeliveries(work.deliveries, store, work.wake),
  };
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    close,
    servers: [endpoints.server],
    publishTriggers: publish,
    start: work.start,
    module: {
      module: WebhooksModule,
      controllers: [InternalTriggersController, FiredTriggersController, ...endpoints.controllers],
      providers: [
        { provide: Secrets, useValue: secrets },
        { provide: TriggerUseCases, useValue: cases },
        ...work.providers,
        ...endpoints.providers,
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool, endpoints.server),
      ],
    },
  };
}

/** Keeps the topic of declarations equal to the record. */
function openPublication(
  { kafka: client, serviceKey }: WebhooksConfig,
  logger: Logger,
  open: OpenResources,
  record: PostgresTriggerRecord,
): PublishTriggers {
  const producer = open.add(
    new KafkaProducer({ client, topics: [topics.triggerDeclarations.name] }),
    (used) => used.close(),
  );
  const view = open.use(
    new CompactedTopic({
      client,
      definition: TriggerDeclared,
      onUndecodable: (err) => logger.error({ err }, 'a declared trigger could not be decoded'),
    }),
  );
  const topic = new KafkaDeclarations(view, producer);
  const publish = new PublishTriggers(record, topic, new SealedTriggerSecrets(serviceKey));
  open.use(
    new Repeater({
      run: () => publish.run(),
      everyMs: publishEveryMs,
      onError: (err) => logger.warn({ err }, 'triggers could not be published and will be tried again'),
    }),
  );
  return publish;
}

function healthOf(pool: Pool, server: KafkaTransport): Provider {
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
      health.register({
        name: 'deliveries',
        ready: () => (server.state.ready ? undefined : 'has not joined its consumer group'),
        live: () => (server.state.live ? undefined : 'lost its consumer group'),
      });
    },
  };
}

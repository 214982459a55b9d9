import { fileURLToPath } from 'node:url';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { LimitPublished } from '@action-mesh/contracts/rate-governor';
import { CompactedTopic, ensureTopics, KafkaProducer } from '@action-mesh/messaging';
import { OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { readLimits } from './adapters/files/limit-file.js';
import { InternalLimitsController } from './adapters/http/internal-limits.controller.js';
import { KafkaLimitTopic } from './adapters/kafka/kafka-limit-topic.js';
import { PostgresLimitPolicyStore } from './adapters/postgres/postgres-limit-policy-store.js';
import { EditLimits } from './application/edit-limits.js';
import { PublishLimits } from './application/publish-limits.js';
import type { RateGovernorConfig } from './config.js';

const schema = 'rate_governor';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
const publishEveryMs = 5_000;

const limitsLeft =
  'limits of files outside RATE_GOVERNOR_LIMITS stay in force; add their file there to change or lift them';

/** The parts of the rate governor, ready to be bound into Nest. */
export interface RateGovernorParts {
  readonly module: DynamicModule;
  readonly publishLimits: PublishLimits;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class RateGovernorModule {}
Module({})(RateGovernorModule);

/** Binds ports to adapters. If a resource is missing, it rejects and leaves nothing open. */
export async function composeRateGovernor(
  config: RateGovernorConfig,
  logger: Logger,
): Promise<RateGovernorParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(
  config: RateGovernorConfig,
  logger: Logger,
  open: OpenResources,
): Promise<RateGovernorParts> {
  const code = await readLimits(config.limitPlaces);
  await ensureTopics(config.kafka, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'rate-governor',
      maxConnections: 2,
    }),
    (used) => used.end(),
  );
  const producer = open.add(
    new KafkaProducer({ client: config.kafka, topics: [topics.limits.name] }),
    (used) => used.close(),
  );
  const view = open.add(
    new CompactedTopic({
      client: config.kafka,
      definition: LimitPublished,
      onUndecodable: (err) => logger.error({ err }, 'a published limit could not be decoded'),
    }),
    (used) => used.close(),
  );
  const store = new PostgresLimitPolicyStore(pool);
  const topic = new KafkaLimitTopic(view, producer);
  const publishLimits = new PublishLimits({ code, places: config.limitPlaces }, store, topic);
  let isReported = false;
  // Publishes the limits that a broker refused or that another instance wrote.
  open.use(
    new Repeater({
      run: async () => {
        await publishLimits.run();
        if (isReported) return;
        isReported = true;
        const left = await publishLimits.ofOthers();
        if (left.length > 0)
          logger.warn({ limits: left.map(({ id, place }) => ({ id, place })) }, limitsLeft);
      },
      everyMs: publishEveryMs,
      onError: (err) => logger.warn({ err }, 'limits could not be published and will be tried again'),
    }),
  );
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    publishLimits,
    close,
    module: {
      module: RateGovernorModule,
      controllers: [InternalLimitsController],
      providers: [
        { provide: EditLimits, useValue: new EditLimits(code, store, topic, publishLimits) },
        { provide: 'shutdown', useValue: shutdown },
      ],
    },
  };
}

import { fileURLToPath } from 'node:url';

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import { missingEntry } from '@action-mesh/egress';
import { CompactedTopic, ensureTopics, KafkaProducer } from '@action-mesh/messaging';
import { HealthChecks, OpenResources, Repeater, type Logger } from '@action-mesh/platform';
import { createPool, migrate } from '@action-mesh/postgres';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import { OverridesController } from './adapters/http/overrides.controller.js';
import { InternalToolkitsController } from './adapters/http/internal-toolkits.controller.js';
import { InternalToolsController } from './adapters/http/internal-tools.controller.js';
import { KafkaCatalogTopics } from './adapters/kafka/kafka-catalog-topics.js';
import { ModuleToolSource } from './adapters/modules/module-tool-source.js';
import { PostgresCatalogStore } from './adapters/postgres/postgres-catalog-store.js';
import { CatalogTopics } from './application/catalog-topics.port.js';
import { ImportToolkit } from './application/import-toolkit.js';
import { PublishCatalog } from './application/publish-catalog.js';
import { PublishTools } from './application/publish-tools.js';
import { ReviewOverrides } from './application/review-overrides.js';
import { SettleToolkit } from './application/settle-toolkit.js';
import type { ToolSource } from './application/tool-source.port.js';
import { ToolkitChanges } from './application/toolkit-changes.js';
import { ToolkitAdministration } from './application/toolkit-administration.js';
import type { CatalogConfig } from './config.js';

const schema = 'catalog';
const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
const catchUpEveryMs = 5_000;

/** The parts of the catalog, ready to be bound into Nest. */
export interface CatalogParts {
  readonly module: DynamicModule;
  readonly publishTools: PublishTools;
  readonly publishCatalog: PublishCatalog;
  readonly toolSource: ToolSource;
  /** Closes all open resources, if the start fails before the module takes over. */
  readonly close: () => Promise<void>;
}

class CatalogModule {}
Module({})(CatalogModule);

/**
 * Binds ports to adapters, and creates missing topics and tables. Without Kafka or PostgreSQL, it rejects and leaves
 * nothing open.
 */
export async function composeCatalog(config: CatalogConfig, logger: Logger): Promise<CatalogParts> {
  const open = new OpenResources();
  try {
    return await compose(config, logger, open);
  } catch (error) {
    await open.close();
    throw error;
  }
}

async function compose(config: CatalogConfig, logger: Logger, open: OpenResources): Promise<CatalogParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  await migrate({ url: config.databaseUrl, schema, folder: migrations });
  const pool = open.add(
    createPool({
      url: config.databaseUrl,
      schema,
      role: 'service',
      applicationName: 'catalog',
      maxConnections: 4,
    }),
    (used) => used.end(),
  );
  const store = new PostgresCatalogStore(pool);
  const catalogTopics = openTopics(config, logger, open);
  const publishCatalog = new PublishCatalog(store, catalogTopics, {
    providerUrls: config.providerUrls,
    owner: config.owner,
    followLatest: config.mode === 'development',
  });
  const toolSource = new ModuleToolSource(config.toolLocations);
  const publishTools = new PublishTools(toolSource, store, publishCatalog, {
    owner: config.owner,
    isDevelopment: config.mode === 'development',
    mayWithdraw: config.mayWithdraw,
    missingEntry: (baseUrl) => missingEntry(baseUrl, config.egressAllow),
    today,
  });
  const changes = new ToolkitChanges();
  const settleToolkit = new SettleToolkit(store, publishCatalog, changes, today);
  open.use(
    new Repeater({
      run: () => publishCatalog.run(),
      everyMs: catchUpEveryMs,
      onError: (err) => logger.warn({ err }, 'the catalog could not be published and will be tried again'),
    }),
  );
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    publishTools,
    publishCatalog,
    toolSource,
    close,
    module: {
      module: CatalogModule,
      controllers: [InternalToolsController, InternalToolkitsController, OverridesController],
      providers: [
        { provide: CatalogTopics, useValue: catalogTopics },
        { provide: PublishTools, useValue: publishTools },
        { provide: ImportToolkit, useValue: new ImportToolkit(store, settleToolkit) },
        { provide: ReviewOverrides, useValue: new ReviewOverrides(store, settleToolkit, changes) },
        {
          provide: ToolkitAdministration,
          useValue: new ToolkitAdministration(store, publishCatalog, changes),
        },
        { provide: 'shutdown', useValue: shutdown },
        healthOf(pool, publishTools),
      ],
    },
  };
}

/** Reports whether the catalog can answer and change tools. Calls run without it. */
function healthOf(pool: Pool, publishTools: PublishTools): Provider {
  return {
    provide: 'health',
    inject: [HealthChecks],
    useFactory: (health: HealthChecks) => {
      health.register({
        name: 'tools',
        ready: () => (publishTools.report === undefined ? 'the tools are not published yet' : undefined),
      });
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

function openTopics(config: CatalogConfig, logger: Logger, open: OpenResources): KafkaCatalogTopics {
  const onUndecodable = (err: Error): void =>
    logger.error({ err }, 'a record of the catalog could not be decoded');
  const client = config.kafka;
  const producer = open.add(
    new KafkaProducer({ client, topics: [topics.tools.name, topics.toolkits.name] }),
    (used) => used.close(),
  );
  const tools = open.use(new CompactedTopic({ client, definition: ToolPublished, onUndecodable }));
  const toolkits = open.use(new CompactedTopic({ client, definition: ToolkitPublished, onUndecodable }));
  return new KafkaCatalogTopics(tools, toolkits, producer);
}

/** The present day in UTC, so every instance uses the same date. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

import { topicConfigurations, topics } from '@action-mesh/contracts';
import { ToolPublished } from '@action-mesh/contracts/catalog';
import { CompactedTopic, ensureTopics, KafkaProducer } from '@action-mesh/messaging';
import { OpenResources, type Logger } from '@action-mesh/platform';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { ToolsController } from './adapters/http/tools.controller.js';
import { KafkaToolTopic } from './adapters/kafka/kafka-tool-topic.js';
import { ModuleToolSource } from './adapters/modules/module-tool-source.js';
import { PublishTools } from './application/publish-tools.js';
import { ToolTopic } from './application/tool-topic.port.js';
import type { CatalogConfig } from './config.js';

/** Everything that the catalog is made of, ready to be bound into Nest. */
export interface CatalogParts {
  readonly module: DynamicModule;
  readonly publishTools: PublishTools;
  /** Closes what was opened; for a start that fails before the module takes that over. */
  readonly close: () => Promise<void>;
}

class CatalogModule {}
Module({})(CatalogModule);

/**
 * Binds ports to adapters and creates the topics that are missing. Rejects, with nothing left open, without
 * Kafka.
 */
export async function composeCatalog(config: CatalogConfig, logger: Logger): Promise<CatalogParts> {
  await ensureTopics(config.kafka, topicConfigurations);
  const open = new OpenResources();
  const producer = open.add(
    new KafkaProducer({ client: config.kafka, topics: [topics.tools.name] }),
    (used) => used.close(),
  );
  const view = open.add(
    new CompactedTopic({
      client: config.kafka,
      definition: ToolPublished,
      onUndecodable: (err) => logger.error({ err }, 'a published tool could not be decoded'),
    }),
    (used) => used.close(),
  );
  const topic = new KafkaToolTopic(view, producer);
  const publishTools = new PublishTools(new ModuleToolSource(config.toolLocations), topic, config);
  const close = (): Promise<void> => open.close();
  const shutdown: OnApplicationShutdown = { onApplicationShutdown: close };
  return {
    publishTools,
    close,
    module: {
      module: CatalogModule,
      controllers: [ToolsController],
      providers: [
        { provide: ToolTopic, useValue: topic },
        { provide: PublishTools, useValue: publishTools },
        { provide: 'shutdown', useValue: shutdown },
      ],
    },
  };
}

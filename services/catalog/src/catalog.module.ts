import { topicConfigurations, topics } from '@action-mesh/contracts';
import { ToolPublished } from '@action-mesh/contracts/catalog';
import { CompactedTopic, ensureTopics, KafkaProducer, type KafkaClientOptions } from '@action-mesh/messaging';
import { Logger } from '@action-mesh/platform';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

import { ToolsController } from './adapters/http/tools.controller.js';
import { KafkaToolTopic } from './adapters/kafka/kafka-tool-topic.js';
import { ModuleToolSource } from './adapters/modules/module-tool-source.js';
import { PublishTools } from './application/publish-tools.js';
import { ToolSource } from './application/tool-source.port.js';
import { ToolTopic } from './application/tool-topic.port.js';
import type { CatalogConfig } from './config.js';
import { logReport } from './publication-log.js';

type ToolView = CompactedTopic<typeof ToolPublished.schema>;

const ToolView = Symbol('ToolView');

/**
 * Publishes when the service starts, before it listens: whoever sees it ready sees the tools published. A start that
 * cannot publish fails, and changes nothing for anybody: the topic keeps what it holds.
 */
export class CatalogModule implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #publishTools: PublishTools;
  readonly #view: ToolView;
  readonly #producer: KafkaProducer;
  readonly #logger: Logger;

  constructor(
    @Inject(PublishTools) publishTools: PublishTools,
    @Inject(ToolView) view: ToolView,
    @Inject(KafkaProducer) producer: KafkaProducer,
    @Inject(Logger) logger: Logger,
  ) {
    this.#publishTools = publishTools;
    this.#view = view;
    this.#producer = producer;
    this.#logger = logger;
  }

  async onApplicationBootstrap(): Promise<void> {
    logReport(this.#logger, await this.#publishTools.run());
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#view.close(), this.#producer.close()]);
  }

  static forConfig(config: CatalogConfig): DynamicModule {
    const client: KafkaClientOptions = { brokers: config.kafkaBrokers, clientId: 'mesh-catalog' };
    return {
      module: CatalogModule,
      controllers: [ToolsController],
      providers: [
        { provide: ToolSource, useFactory: () => new ModuleToolSource(config.toolLocations) },
        {
          provide: ToolView,
          inject: [Logger],
          useFactory: async (logger: Logger): Promise<ToolView> => {
            await ensureTopics(client, topicConfigurations(config.kafkaBrokers.length));
            return new CompactedTopic({
              client,
              definition: ToolPublished,
              onUndecodable: (error) => logger.warn({ err: error }, 'a published tool cannot be read'),
            });
          },
        },
        {
          provide: KafkaProducer,
          useFactory: () => new KafkaProducer({ client, topics: [topics.tools.name] }),
        },
        {
          provide: ToolTopic,
          inject: [ToolView, KafkaProducer],
          useFactory: (view: ToolView, producer: KafkaProducer) => new KafkaToolTopic(view, producer),
        },
        {
          provide: PublishTools,
          inject: [ToolSource, ToolTopic],
          useFactory: (source: ToolSource, topic: ToolTopic) => new PublishTools(source, topic, config),
        },
      ],
    };
  }
}
Module({})(CatalogModule);

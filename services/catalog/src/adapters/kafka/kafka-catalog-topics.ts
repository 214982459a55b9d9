import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import {
  encodeEvent,
  encodeTombstone,
  type CompactedTopic,
  type RecordProducer,
} from '@action-mesh/messaging';

import type {
  CatalogTopics,
  CatalogTopicsChange,
  PublishedCatalog,
} from '../../application/catalog-topics.port.js';

const answersWithinMs = 10_000;
const source = '/services/catalog';

/** The compacted topics of tools and toolkits. Views follow the topics for reads; each write is one record. */
export class KafkaCatalogTopics implements CatalogTopics {
  readonly #tools: CompactedTopic<typeof ToolPublished.schema>;
  readonly #toolkits: CompactedTopic<typeof ToolkitPublished.schema>;
  readonly #producer: RecordProducer;

  constructor(
    tools: CompactedTopic<typeof ToolPublished.schema>,
    toolkits: CompactedTopic<typeof ToolkitPublished.schema>,
    producer: RecordProducer,
  ) {
    this.#tools = tools;
    this.#toolkits = toolkits;
    this.#producer = producer;
  }

  async refresh(): Promise<void> {
    await Promise.all([this.#tools.refresh(answersWithinMs), this.#toolkits.refresh(answersWithinMs)]);
  }

  async published(): Promise<PublishedCatalog> {
    await Promise.all([this.#tools.ready, this.#toolkits.ready]);
    return {
      tools: new Map([...this.#tools.values()].map((tool) => [ToolPublished.key(tool), tool])),
      toolkits: new Map([...this.#toolkits.values()].map((kit) => [ToolkitPublished.key(kit), kit])),
    };
  }

  async apply({ tools, toolkits, withdrawnTools, withdrawnToolkits }: CatalogTopicsChange): Promise<void> {
    await this.#producer.sendAll(tools.map((tool) => encodeEvent(ToolPublished, tool, { source: source })));
    await this.#producer.sendAll([
      ...toolkits.map((toolkit) => encodeEvent(ToolkitPublished, toolkit, { source: source })),
      ...withdrawnToolkits.map((key) => encodeTombstone(ToolkitPublished, key)),
    ]);
    await this.#producer.sendAll(withdrawnTools.map((key) => encodeTombstone(ToolPublished, key)));
  }
}

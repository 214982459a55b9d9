import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import {
  encodeEvent,
  encodeTombstone,
  type CompactedTopic,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { ToolTopic, ToolTopicChange } from '../../application/tool-topic.port.js';

const SOURCE = '/services/catalog';

/** The compacted topic of published tools: read through a view that follows it, written record by record. */
export class KafkaToolTopic implements ToolTopic {
  readonly #view: CompactedTopic<typeof ToolPublished.schema>;
  readonly #producer: RecordProducer;

  constructor(view: CompactedTopic<typeof ToolPublished.schema>, producer: RecordProducer) {
    this.#view = view;
    this.#producer = producer;
  }

  async published(): Promise<ReadonlyMap<string, Tool>> {
    await this.#view.ready;
    return new Map([...this.#view.values()].map((tool) => [ToolPublished.key(tool), tool]));
  }

  async apply({ publish, withdraw }: ToolTopicChange): Promise<void> {
    await this.#producer.sendAll([
      ...publish.map((tool) => encodeEvent(ToolPublished, tool, { source: SOURCE })),
      ...withdraw.map((key) => encodeTombstone(ToolPublished, key)),
    ]);
  }
}

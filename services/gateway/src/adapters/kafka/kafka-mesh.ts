import { ToolPublished } from '@action-mesh/contracts/catalog';
import { CallOutcome } from '@action-mesh/contracts/executor';
import {
  CompactedTopic,
  TopicFollower,
  type IncomingRecord,
  type KafkaClientOptions,
  type KafkaProducer,
} from '@action-mesh/messaging';

import type { MeshLink } from '../../application/mesh-link.port.js';
import type { ToolShelf } from '../../domain/tool-shelf.js';

export interface KafkaMeshOptions {
  readonly client: KafkaClientOptions;
  readonly producer: Pick<KafkaProducer, 'connect'>;
  readonly tools: ToolShelf;
  readonly onOutcome: (record: IncomingRecord) => void;
  readonly onError: (error: unknown, what: string) => void;
}

/** What the gateway hears from the mesh: every tool, and every outcome from now on. */
export class KafkaMesh implements MeshLink {
  readonly #options: KafkaMeshOptions;
  readonly #outcomes: TopicFollower;
  readonly #missing = new Set([
    'the log cannot be written',
    'outcomes cannot be heard',
    'the tools are not known',
  ]);
  #toolsTopic: CompactedTopic<typeof ToolPublished.schema> | undefined;

  constructor(options: KafkaMeshOptions) {
    const { client, onOutcome, onError } = options;
    this.#options = options;
    this.#outcomes = new TopicFollower({
      client,
      topic: CallOutcome.topic,
      onRecord: onOutcome,
      onError: (error) => onError(error, 'outcomes'),
    });
  }

  get missing(): string | undefined {
    return this.#missing.size === 0 ? undefined : [...this.#missing].join(', ');
  }

  /** Resolves when nothing is missing any more. */
  async connect(): Promise<void> {
    await Promise.all([
      this.#await('the log cannot be written', this.#options.producer.connect()),
      this.#await('outcomes cannot be heard', this.#outcomes.start()),
      this.#await('the tools are not known', this.#followTools()),
    ]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#outcomes.close(), this.#toolsTopic?.close()]);
  }

  async #await(what: string, step: Promise<void>): Promise<void> {
    await step;
    this.#missing.delete(what);
  }

  async #followTools(): Promise<void> {
    const { client, tools, onError } = this.#options;
    this.#toolsTopic = new CompactedTopic({
      client,
      definition: ToolPublished,
      onUndecodable: (error) => onError(error, 'tools'),
    });
    this.#toolsTopic.onChange((key, tool) => (tool === undefined ? tools.remove(key) : tools.put(tool)));
    await this.#toolsTopic.ready;
    for (const tool of this.#toolsTopic.values()) tools.put(tool);
  }
}

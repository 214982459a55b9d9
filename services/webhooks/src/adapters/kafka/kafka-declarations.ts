import { TriggerDeclared, triggerKey, type DeclaredTrigger } from '@action-mesh/contracts/webhooks';
import {
  encodeEvent,
  encodeTombstone,
  type CompactedTopic,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { Declarations } from '../../application/declarations.port.js';
import { webhooksSource } from './event-source.js';

const refreshTimeoutMs = 3_000;

/** The compacted topic of declarations. */
export class KafkaDeclarations implements Declarations {
  readonly #view: CompactedTopic<typeof TriggerDeclared.schema>;
  readonly #producer: RecordProducer;
  /** Declarations that were written and have not come back. */
  readonly #written = new Map<string, DeclaredTrigger | undefined>();

  constructor(view: CompactedTopic<typeof TriggerDeclared.schema>, producer: RecordProducer) {
    this.#view = view;
    this.#producer = producer;
    view.onChange((key) => this.#written.delete(key));
  }

  async refreshed(): Promise<ReadonlyMap<string, DeclaredTrigger>> {
    await this.#view.ready;
    await this.#view.refresh(refreshTimeoutMs);
    return new Map([...this.#view.values()].map((declared) => [triggerKey(declared), declared]));
  }

  get(key: string): DeclaredTrigger | undefined {
    return this.#written.get(key) ?? this.#view.get(key);
  }

  async apply({
    publish,
    retract,
  }: {
    readonly publish: readonly DeclaredTrigger[];
    readonly retract: readonly string[];
  }): Promise<void> {
    for (const declared of publish) this.#written.set(triggerKey(declared), declared);
    try {
      await this.#producer.sendAll([
        ...retract.map((key) => encodeTombstone(TriggerDeclared, key)),
        ...publish.map((declared) => encodeEvent(TriggerDeclared, declared, { source: webhooksSource })),
      ]);
    } catch (error) {
      this.#written.clear();
      throw error;
    }
  }
}

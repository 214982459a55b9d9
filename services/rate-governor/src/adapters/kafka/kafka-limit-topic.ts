import { limitKey, LimitPublished, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import {
  encodeEvent,
  encodeTombstone,
  type CompactedTopic,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { LimitTopic } from '../../application/limit-topic.port.js';
import type { Publication } from '../../domain/publication.js';

const source = '/services/rate-governor';

/**
 * The compacted topic of limits. A view follows the topic for reads; each write is one record. A written limit counts as
 * published before it returns through the view. Otherwise the next run would write it again.
 */
export class KafkaLimitTopic implements LimitTopic {
  readonly #view: CompactedTopic<typeof LimitPublished.schema>;
  readonly #producer: RecordProducer;
  readonly #written = new Map<string, LimitPolicy | undefined>();

  constructor(view: CompactedTopic<typeof LimitPublished.schema>, producer: RecordProducer) {
    this.#view = view;
    this.#producer = producer;
    view.onChange((id) => this.#written.delete(id));
  }

  async published(): Promise<ReadonlyMap<string, LimitPolicy>> {
    await this.#view.ready;
    const published = new Map([...this.#view.values()].map((policy) => [limitKey(policy), policy]));
    for (const [id, policy] of this.#written) {
      if (policy === undefined) published.delete(id);
      else published.set(id, policy);
    }
    return published;
  }

  async apply({ publish, lift }: Publication): Promise<void> {
    await this.#producer.sendAll([
      ...publish.map((policy) => encodeEvent(LimitPublished, policy, { source: source })),
      ...lift.map((id) => encodeTombstone(LimitPublished, id)),
    ]);
    for (const policy of publish) this.#written.set(limitKey(policy), policy);
    for (const id of lift) this.#written.set(id, undefined);
  }
}

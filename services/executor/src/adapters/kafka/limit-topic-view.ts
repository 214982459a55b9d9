import { LimitPublished } from '@action-mesh/contracts/rate-governor';
import { PolicyIndex } from '@action-mesh/governor';
import { CompactedTopic, type KafkaClientOptions } from '@action-mesh/messaging';

/** The limits in force, read from the control topic. */
export class LimitTopicView implements AsyncDisposable {
  readonly policies = new PolicyIndex();
  readonly #topic: CompactedTopic<typeof LimitPublished.schema>;

  constructor(client: KafkaClientOptions, onUndecodable: (error: Error) => void) {
    this.#topic = new CompactedTopic({ client, definition: LimitPublished, onUndecodable });
    this.#topic.onChange((id, policy) =>
      policy === undefined ? this.policies.remove(id) : this.policies.put(policy),
    );
  }

  /** Resolves when every limit from before the start is known. Calls that run earlier would exceed these limits. */
  get ready(): Promise<void> {
    return this.#topic.ready;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#topic.close();
  }
}

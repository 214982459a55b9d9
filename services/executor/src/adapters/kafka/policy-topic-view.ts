import { PolicyPublished } from '@action-mesh/contracts/auth-broker';
import { CompactedTopic, type KafkaClientOptions } from '@action-mesh/messaging';
import { PolicySet } from '@action-mesh/policies';

/** The policies of all tenants, read from the control topic. */
export class PolicyTopicView implements AsyncDisposable {
  readonly policies = new PolicySet();
  /** Resolves when the set is complete. Before that, a forbidden call would look like an allowed one. */
  readonly ready: Promise<void>;
  /** Called for the tenant of each policy that changes from now on. */
  onChanged: (tenantId: string) => void = () => undefined;
  readonly #topic: CompactedTopic<typeof PolicyPublished.schema>;

  constructor(client: KafkaClientOptions, onUndecodable: (error: Error) => void) {
    this.#topic = new CompactedTopic({
      client,
      definition: PolicyPublished,
      onUndecodable: (error, { key }) => {
        this.policies.cannotRead(String(key));
        onUndecodable(error);
      },
    });
    this.#topic.onChange((key, policy) => {
      if (policy === undefined) this.policies.remove(key);
      else this.policies.put(policy);
      if (this.policies.isComplete) this.onChanged(key.slice(0, key.indexOf('/')));
    });
    this.ready = this.#topic.ready.then(() => this.policies.complete());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#topic.close();
  }
}

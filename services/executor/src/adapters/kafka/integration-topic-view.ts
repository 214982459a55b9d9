import { IntegrationDirectory } from '@action-mesh/connections';
import { IntegrationPublished, type Integration } from '@action-mesh/contracts/auth-broker';
import { CompactedTopic, type KafkaClientOptions } from '@action-mesh/messaging';

/** The integrations of all tenants, read from the control topic. */
export class IntegrationTopicView implements AsyncDisposable {
  readonly directory = new IntegrationDirectory();
  /** Resolves when the directory is complete. Before that, a call would look as if its tenant had no integration. */
  readonly ready: Promise<void>;
  /** Called for each integration that is set up, changed or removed from now on. */
  onChanged: (integration: Pick<Integration, 'tenant_id' | 'integration'>) => void = () => undefined;
  readonly #topic: CompactedTopic<typeof IntegrationPublished.schema>;

  constructor(client: KafkaClientOptions, onUndecodable: (error: Error) => void) {
    this.#topic = new CompactedTopic({ client, definition: IntegrationPublished, onUndecodable });
    this.#topic.onChange((key, integration) => {
      if (integration === undefined) this.directory.remove(key);
      else this.directory.put(integration);
      if (!this.directory.isComplete) return;
      const slash = key.lastIndexOf('/');
      this.onChanged({ tenant_id: key.slice(0, slash), integration: key.slice(slash + 1) });
    });
    this.ready = this.#topic.ready.then(() => this.directory.complete());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#topic.close();
  }
}

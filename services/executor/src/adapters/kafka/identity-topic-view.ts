import { identityKey, IdentityPublished, type KeyEnvironment } from '@action-mesh/contracts/auth-broker';
import { IdentityDirectory } from '@action-mesh/identity';
import { CompactedTopic, type KafkaClientOptions } from '@action-mesh/messaging';

export interface IdentityTopicViewOptions {
  readonly client: KafkaClientOptions;
  /** Publisher tokens of other environments do not open the ingress. */
  readonly environment: KeyEnvironment;
  readonly onUndecodable: (error: Error) => void;
}

/** Keys of kill switches on the topic begin with it. */
const switchPrefix = identityKey({ kind: 'switch', id: '' });

/** Tenants, publisher tokens and kill switches, read from the control topic. */
export class IdentityTopicView implements AsyncDisposable {
  readonly directory: IdentityDirectory;
  /** Resolves when the directory is complete. Before that, every token would look unknown and every call permitted. */
  readonly ready: Promise<void>;
  /** Called for each kill switch that is lifted from now on. */
  onLifted: (switchId: string) => void = () => undefined;
  readonly #topic: CompactedTopic<typeof IdentityPublished.schema>;

  constructor({ client, environment, onUndecodable }: IdentityTopicViewOptions) {
    const directory = new IdentityDirectory(environment);
    this.directory = directory;
    this.#topic = new CompactedTopic({ client, definition: IdentityPublished, onUndecodable });
    this.#topic.onChange((key, identity) => {
      if (identity === undefined) directory.remove(key);
      else directory.put(identity);
      if (identity === undefined && key.startsWith(switchPrefix))
        this.onLifted(key.slice(switchPrefix.length));
    });
    this.ready = this.#topic.ready.then(() => directory.complete());
  }

  /** Whether changes arrive. False while the view reconnects to the broker. */
  get joined(): boolean {
    return this.#topic.joined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#topic.close();
  }
}

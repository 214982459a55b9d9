import { ConnectionChanged, type ChangedConnection } from '@action-mesh/contracts/auth-broker';
import { decodeEvent, TopicFollower, type KafkaClientOptions } from '@action-mesh/messaging';

export interface ConnectionFollowerOptions {
  readonly client: KafkaClientOptions;
  readonly onChanged: (change: ChangedConnection) => void;
  readonly onUndecodable: (error: unknown) => void;
}

/** Follows the changes of connections from now on. A missed change is harmless: leases end by themselves. */
export class ConnectionFollower implements AsyncDisposable {
  readonly #follower: TopicFollower;

  constructor({ client, onChanged, onUndecodable }: ConnectionFollowerOptions) {
    this.#follower = new TopicFollower({
      client,
      topic: ConnectionChanged.topic,
      onRecord: (record) => onChanged(decodeEvent(ConnectionChanged, record).data),
      onError: onUndecodable,
    });
  }

  /** Resolves when no later change is missed. */
  start(): Promise<void> {
    return this.#follower.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follower.close();
  }
}

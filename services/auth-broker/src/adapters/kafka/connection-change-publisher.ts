import { ConnectionChanged } from '@action-mesh/contracts/auth-broker';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';

import { authBrokerPoints } from '../../domain/diagnostics.js';
import type { CommittedChange } from '../postgres/connections/connection-events.js';

const source = '/services/auth-broker';
const leftoverAfterMs = 2_000;
const atOnce = 500;

/** The record of changes that may not be published yet. */
export interface UnpublishedChanges {
  leftovers(olderThanMs: number, most: number): Promise<readonly CommittedChange[]>;
  delete(changes: readonly CommittedChange[]): Promise<void>;
}

/**
 * Publishes changes of connections on `mesh.connections`, right after their commit.
 *
 * - CE2: a change leaves the record only after Kafka has it. Any broker publishes the change of a dead writer. So each
 *   change arrives at least once, and readers compare `seq`.
 */
export class ConnectionChangePublisher {
  readonly #changes: UnpublishedChanges;
  readonly #producer: RecordProducer;
  readonly #onError: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(changes: UnpublishedChanges, producer: RecordProducer, onError: (error: unknown) => void) {
    this.#changes = changes;
    this.#producer = producer;
    this.#onError = onError;
  }

  /** Publishes in the background. A failure leaves the changes to `sweep`. */
  committed(changes: readonly CommittedChange[]): void {
    const running = this.#publish(changes)
      .catch(this.#onError)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Publishes changes that their writers left behind, and returns their number. */
  async sweep(): Promise<number> {
    const changes = await this.#changes.leftovers(leftoverAfterMs, atOnce);
    if (changes.length > 0) await this.#publish(changes);
    return changes.length;
  }

  /** Resolves when no publication is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #publish(changes: readonly CommittedChange[]): Promise<void> {
    const named = (): { connectionIds: readonly string[] } => ({
      connectionIds: changes.map(({ value }) => value.connection_id),
    });
    authBrokerPoints.before_event.publish(named);
    await this.#producer.sendAll(
      changes.map(({ value }) => encodeEvent(ConnectionChanged, value, { source })),
    );
    authBrokerPoints.after_event.publish(named);
    await this.#changes.delete(changes);
  }
}

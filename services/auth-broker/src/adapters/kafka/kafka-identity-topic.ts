import { identityKey, IdentityPublished, type Identity } from '@action-mesh/contracts/auth-broker';
import {
  encodeEvent,
  encodeTombstone,
  type CompactedTopic,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { IdentityTopic } from '../../application/identity-topic.port.js';
import { isSameIdentity, type IdentityPublication } from '../../domain/identity-publication.js';

const source = '/services/auth-broker';
const refreshTimeoutMs = 3_000;

/**
 * The compacted topic of identities. A view follows the topic for reads; each write is one record. A written identity
 * counts as published before it returns through the view.
 */
export class KafkaIdentityTopic implements IdentityTopic {
  readonly #view: CompactedTopic<typeof IdentityPublished.schema>;
  readonly #producer: RecordProducer;
  readonly #written = new Map<string, Identity | undefined>();

  /** `onForeignChange` is called for each record of another writer. */
  constructor(
    view: CompactedTopic<typeof IdentityPublished.schema>,
    producer: RecordProducer,
    onForeignChange: () => void,
  ) {
    this.#view = view;
    this.#producer = producer;
    view.onChange((key, identity) => {
      const written = this.#written.get(key);
      const isOwn =
        this.#written.has(key) &&
        (identity === undefined ? written === undefined : isSameIdentity(identity, written));
      if (isOwn) this.#written.delete(key);
      else onForeignChange();
    });
  }

  async published(): Promise<ReadonlyMap<string, Identity>> {
    await this.#view.ready;
    return this.#current();
  }

  async refreshed(): Promise<ReadonlyMap<string, Identity>> {
    await this.#view.ready;
    await this.#view.refresh(refreshTimeoutMs);
    // The view has every acknowledged write, and nothing else is on the topic.
    this.#written.clear();
    return this.#current();
  }

  async apply({ publish, retract }: IdentityPublication): Promise<void> {
    // Revocations leave first.
    for (const key of retract) this.#written.set(key, undefined);
    for (const identity of publish) this.#written.set(identityKey(identity), identity);
    try {
      await this.#producer.sendAll([
        ...retract.map((key) => encodeTombstone(IdentityPublished, key)),
        ...publish.map((identity) => encodeEvent(IdentityPublished, identity, { source })),
      ]);
    } catch (error) {
      this.#written.clear();
      throw error;
    }
  }

  #current(): ReadonlyMap<string, Identity> {
    const current = new Map([...this.#view.values()].map((identity) => [identityKey(identity), identity]));
    for (const [key, identity] of this.#written) {
      if (identity === undefined) current.delete(key);
      else current.set(key, identity);
    }
    return current;
  }
}

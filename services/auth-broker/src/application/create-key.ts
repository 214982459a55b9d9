import type { InternalCaller } from '@action-mesh/contracts';
import type { CreatedKey, KeyEnvironment } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';
import { keyDigest, newKeyText, readKeyText } from '@action-mesh/identity';

import { requestedKey, type RequestedKey } from '../domain/new-key.js';
import { requireKeyAdministration } from '../domain/rights.js';
import { keyView, type StoredKey } from '../domain/stored-key.js';
import { requireCreated } from './key-creation.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';

/** A key with its text. The text exists only here and in the answer to its creator. */
export interface FreshKey {
  readonly text: string;
  readonly stored: StoredKey;
}

/** Creates a key or a publisher token. Its text is in the answer and nowhere else. */
export class CreateKey {
  readonly #store: ApiKeyStore;
  readonly #publishIdentities: PublishIdentities;
  readonly #environment: KeyEnvironment;
  readonly #clock: Clock;

  constructor(
    store: ApiKeyStore,
    publishIdentities: PublishIdentities,
    environment: KeyEnvironment,
    clock: Clock = systemClock,
  ) {
    this.#store = store;
    this.#publishIdentities = publishIdentities;
    this.#environment = environment;
    this.#clock = clock;
  }

  /**
   * Errors: `AUTH_BROKER_INVALID`, `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_UNKNOWN` for an unknown tenant,
   * `AUTH_BROKER_CONFLICT` for too many keys.
   */
  async run(caller: InternalCaller, tenantId: string, written: unknown): Promise<CreatedKey> {
    requireKeyAdministration(caller, tenantId);
    const nowMs = this.#clock.now();
    const requested = requestedKey(caller, tenantId, written, nowMs);
    const { text, stored } = freshKey(requested, this.#environment, caller.holder, nowMs);
    requireCreated(await this.#store.create(stored));
    await this.#publishIdentities.soon();
    const isPublished = await this.#publishIdentities.publishedState();
    return { ...keyView(stored, isPublished(stored.identity)), key: text };
  }
}

/** Makes the text of a key, and the record of it. */
export function freshKey(
  { identity, ...properties }: RequestedKey,
  environment: KeyEnvironment,
  createdBy: string,
  nowMs: number,
): FreshKey {
  const text = newKeyText(identity.use, environment);
  return {
    text,
    stored: {
      ...properties,
      identity: {
        kind: 'key',
        id: readKeyText(text)?.id ?? '',
        digest: keyDigest(text),
        environment,
        ...identity,
      },
      createdAt: new Date(nowMs).toISOString(),
      createdBy,
    },
  };
}

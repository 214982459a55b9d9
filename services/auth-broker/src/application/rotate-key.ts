import type { InternalCaller } from '@action-mesh/contracts';
import { keyRotationSchema, type CreatedKey, type KeyEnvironment } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock } from '@action-mesh/kernel';

import { IdentityConflictError, UnknownIdentityError } from '../domain/auth-broker.errors.js';
import { readRequest } from '../domain/request.js';
import { requireKeyAdministration, requireScopesOfKey } from '../domain/rights.js';
import { keyView, type StoredKey } from '../domain/stored-key.js';
import { freshKey } from './create-key.js';
import { requireCreated } from './key-creation.js';
import type { ApiKeyStore } from './api-key-store.port.js';
import type { PublishIdentities } from './publish-identities.js';

const usualOverlapSeconds = 86_400;

/**
 * Replaces a key by a successor with the same rights. The old key stays valid until the overlap ends. The caller needs
 * every scope of the key, because it gets to know the successor (AB1).
 */
export class RotateKey {
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

  /** Errors: `AUTH_BROKER_UNKNOWN`, `AUTH_BROKER_INVALID`, `AUTH_BROKER_MISSING_RIGHT`, `AUTH_BROKER_CONFLICT`. */
  async run(caller: InternalCaller, tenantId: string, id: string, written: unknown): Promise<CreatedKey> {
    requireKeyAdministration(caller, tenantId);
    const { overlap_seconds: overlapSeconds = usualOverlapSeconds } = readRequest(keyRotationSchema, written);
    const nowMs = this.#clock.now();
    const old = await this.#store.find(tenantId, id, nowMs);
    if (old === undefined) throw new UnknownIdentityError('key');
    requireScopesOfKey(caller, { role: old.role, scopes: old.identity.scopes });
    const expiresAtMs = expiryOf(old);
    if (expiresAtMs <= nowMs) throw new IdentityConflictError('the key has expired; create a new one');

    const { text, stored } = freshKey(successorOf(old, nowMs), this.#environment, caller.holder, nowMs);
    const ends = overlapSeconds === 0 ? undefined : Math.min(expiresAtMs, nowMs + overlapSeconds * 1_000);
    const by = { holder: caller.holder, atMs: nowMs };
    const creation = await this.#store.replace({ tenantId, id, expiresAtMs: ends }, stored, by);
    if (creation === 'taken')
      throw new IdentityConflictError('the key has a successor already; rotate or revoke that one');
    requireCreated(creation);
    await this.#publishIdentities.soon();
    const isPublished = await this.#publishIdentities.publishedState();
    return { ...keyView(stored, isPublished(stored.identity)), key: text };
  }
}

/** The properties of the successor. A key with an expiry gets a successor with the same lifetime. */
function successorOf({ identity, role, note, createdAt }: StoredKey, nowMs: number) {
  const { kind: _kind, id: _id, digest: _digest, environment: _environment, ...same } = identity;
  const expiry =
    same.expires_at === undefined
      ? {}
      : {
          expires_at: new Date(nowMs + Date.parse(same.expires_at) - Date.parse(createdAt)).toISOString(),
        };
  return { role, ...(note === undefined ? {} : { note }), identity: { ...same, ...expiry } };
}

function expiryOf({ identity }: StoredKey): number {
  return identity.expires_at === undefined ? Infinity : Date.parse(identity.expires_at);
}

import { createSecretKey, randomBytes } from 'node:crypto';

import { newId, systemClock, type Clock } from '@action-mesh/kernel';

import { UnreadableSecretError, WrongKeysError } from './crypto.errors.js';
import type { DataKeyStore, StoredDataKey } from './data-key-store.port.js';
import type { DataKey } from './envelope.js';
import { ExpiringCache } from './expiring-cache.js';
import type { KeyProvider } from './key-provider.port.js';

const dataKeyBytes = 32;
const day = 86_400_000;
/** A data key encrypts new secrets for this long. */
const rotateAfterMs = 90 * day;
/** Wrapped forms for keys that this instance does not have stay this long: other instances may still need them. */
const dropAfterMs = day;
const mostCached = 2_000;
const cachedForMs = 10 * 60_000;
const currentForMs = 60_000;
const wrapAtOnce = 50;

/** The numbers of newly wrapped data keys and of deleted old forms. */
export interface Rewrapped {
  readonly wrapped: number;
  readonly dropped: number;
}

/**
 * The data keys of all tenants. Several instances share their record, also while the key-encryption keys are exchanged.
 *
 * - EK1: a data key is wrapped under every key-encryption key of the instance that wraps it. So instances with the
 *   former and with the new keys read each other's secrets.
 * - EK2: an instance deletes a wrapped form for a key that it does not have only after a day. The form for its current
 *   key must be newer.
 * - EK3: an instance does not start when it could not open a data key, or when one of its keys is a wrong one.
 * - EK4: unwrapped keys are in memory only: at most 2,000, each for at most 10 minutes.
 * - EK5: a data key encrypts new secrets for 90 days. It opens the old ones as long as they exist.
 */
export class DataKeys {
  readonly #provider: KeyProvider;
  readonly #store: DataKeyStore;
  readonly #clock: Clock;
  readonly #opened: ExpiringCache<DataKey>;
  readonly #current: ExpiringCache<DataKey>;

  constructor(provider: KeyProvider, store: DataKeyStore, clock: Clock = systemClock) {
    this.#provider = provider;
    this.#store = store;
    this.#clock = clock;
    this.#opened = new ExpiringCache({ most: mostCached, forMs: cachedForMs }, clock);
    this.#current = new ExpiringCache({ most: mostCached, forMs: currentForMs }, clock);
  }

  /** The key for new secrets of a tenant. */
  current(tenantId: string): Promise<DataKey> {
    return this.#current.get(tenantId, () => this.#loadCurrent(tenantId));
  }

  /** The key of a sealed secret. Rejects with `UnreadableSecretError` if there is none. */
  find(tenantId: string, id: string): Promise<DataKey> {
    return this.#opened.get(JSON.stringify([tenantId, id]), async () => {
      const stored = await this.#store.find(tenantId, id);
      if (stored === undefined) throw new UnreadableSecretError('the data key of the secret is not there');
      return this.#open(stored);
    });
  }

  /** Rejects with `WrongKeysError` when the configured keys do not fit to the record (EK3). */
  async check(): Promise<void> {
    const { setting, kids } = this.#provider;
    for (const kid of kids) {
      const sample = await this.#store.anyWrappedBy(kid);
      const wrap = sample?.wraps.find((each) => each.kid === kid);
      if (sample === undefined || wrap === undefined) continue;
      try {
        await this.#provider.unwrap(placeOf(sample), wrap);
      } catch (error) {
        if (!(error instanceof UnreadableSecretError)) throw error;
        throw new WrongKeysError(
          `the key ${kid} in ${setting} is not the key of that id that wrapped the data keys of the database; restore the former key`,
        );
      }
    }
    const locked = await this.#store.lockedTo(kids);
    if (locked.count > 0)
      throw new WrongKeysError(
        `the database has ${locked.count} data keys that only ${locked.kids.join(' or ')} can open; ` +
          `add that key to ${setting}, behind the current one`,
      );
  }

  /** Wraps data keys under the present keys, and deletes forms for retired ones. Several instances may run it at once. */
  async rewrap(): Promise<Rewrapped> {
    const { kids } = this.#provider;
    let wrapped = 0;
    for (;;) {
      const due = await this.#store.toWrap(kids, wrapAtOnce);
      if (due.length === 0) break;
      for (const stored of due) {
        const key = await this.#unwrap(stored);
        await this.#store.putWraps(
          stored.tenantId,
          stored.id,
          await this.#provider.wrap(placeOf(stored), key),
        );
        wrapped += 1;
      }
      if (due.length < wrapAtOnce) break;
    }
    return { wrapped, dropped: await this.#store.dropWraps(kids, this.#clock.now() - dropAfterMs) };
  }

  async #loadCurrent(tenantId: string): Promise<DataKey> {
    const stored = await this.#store.current(tenantId);
    const isUsable = stored !== undefined && this.#clock.now() - stored.createdAtMs < rotateAfterMs;
    if (isUsable) return this.#open(stored);
    const key = randomBytes(dataKeyBytes);
    const id = newId();
    const wraps = await this.#provider.wrap({ tenantId, dataKeyId: id }, key);
    const fresh = { id, tenantId, createdAtMs: this.#clock.now(), wraps };
    if (await this.#store.makeCurrent(fresh, stored?.id)) return { id, key: createSecretKey(key) };
    const others = await this.#store.current(tenantId);
    if (others === undefined) throw new Error('the tenant has no data key although one was just made');
    return this.#open(others);
  }

  async #open(stored: StoredDataKey): Promise<DataKey> {
    return { id: stored.id, key: createSecretKey(await this.#unwrap(stored)) };
  }

  async #unwrap(stored: StoredDataKey): Promise<Buffer> {
    const { kids, setting } = this.#provider;
    const wrap = stored.wraps.findLast(({ kid }) => kids.includes(kid));
    if (wrap === undefined)
      throw new UnreadableSecretError(
        `${setting} has none of the keys ${stored.wraps.map(({ kid }) => kid).join(', ')} of this data key`,
      );
    return this.#provider.unwrap(placeOf(stored), wrap);
  }
}

function placeOf({ tenantId, id }: StoredDataKey): { tenantId: string; dataKeyId: string } {
  return { tenantId, dataKeyId: id };
}

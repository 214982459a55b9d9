import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

import { additionalData } from './additional-data.js';
import { UnreadableSecretError } from './crypto.errors.js';
import { unwrapBytes, wrapBytes } from './envelope.js';
import type { DataKeyPlace, KeyProvider, WrappedKey } from './key-provider.port.js';

const keyBytes = 32;
const kidForm = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** One key of a ring. */
export interface RingKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/** The keys of a text, or the reason why it is no key ring. The reason holds no part of a key. */
export type ReadRing = { readonly keys: readonly RingKey[] } | { readonly problem: string };

/**
 * Reads `<kid>:<base64 of 32 bytes>` entries between commas or line ends. The first key is the current one; the others
 * only open.
 */
export function readKeyRing(text: string): ReadRing {
  const entries = text.split(/[,\s]+/).filter((entry) => entry !== '');
  const keys: RingKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const [, kid = '', encoded = ''] = /^([^:]*):(.*)$/.exec(entry) ?? [];
    const place = `entry ${index + 1}`;
    if (!kidForm.test(kid)) return { problem: `${place} must begin with a key id such as k1, and a colon` };
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length !== keyBytes || !isBase64Of(bytes, encoded))
      return { problem: `${place} must be 32 bytes in base64 behind its key id` };
    if (keys.some((known) => known.kid === kid)) return { problem: `${place} repeats the key id ${kid}` };
    const key = createSecretKey(bytes);
    if (keys.some((known) => known.key.equals(key)))
      return { problem: `${place} repeats a key under another key id` };
    keys.push({ kid, key });
  }
  return keys.length === 0 ? { problem: 'must hold at least one key' } : { keys };
}

/** A fresh entry for a key ring. Its id tells the day, so people can order keys by age. */
export function newRingEntry(nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return `k-${day}-${randomBytes(3).toString('hex')}:${randomBytes(keyBytes).toString('base64')}`;
}

/** Key-encryption keys in the memory of this process. */
export class LocalKeyRing implements KeyProvider {
  readonly currentKid: string;
  readonly kids: readonly string[];
  readonly setting: string;
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor(keys: readonly RingKey[], setting: string) {
    const [current] = keys;
    if (current === undefined) throw new TypeError('a key ring needs a key');
    this.currentKid = current.kid;
    this.kids = keys.map(({ kid }) => kid);
    this.setting = setting;
    this.#keys = new Map(keys.map(({ kid, key }) => [kid, key]));
  }

  wrap(place: DataKeyPlace, key: Buffer): Promise<readonly WrappedKey[]> {
    const oldestFirst = [...this.#keys].reverse();
    return Promise.resolve(
      oldestFirst.map(([kid, ringKey]) => ({ kid, wrapped: wrapBytes(ringKey, placeOf(place, kid), key) })),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a wrong key rejects, as the port says
  async unwrap(place: DataKeyPlace, { kid, wrapped }: WrappedKey): Promise<Buffer> {
    const key = this.#keys.get(kid);
    if (key === undefined) throw new UnreadableSecretError(`${this.setting} has no key ${kid}`);
    return unwrapBytes(key, placeOf(place, kid), wrapped);
  }
}

function placeOf({ tenantId, dataKeyId }: DataKeyPlace, kid: string): Buffer {
  return additionalData(['data-key', '1', kid, tenantId, dataKeyId]);
}

/** `Buffer.from` skips wrong characters, so a damaged key could read as another one. */
function isBase64Of(bytes: Buffer, text: string): boolean {
  const [standard, urlSafe] = [bytes.toString('base64'), bytes.toString('base64url')];
  return [standard, standard.replace(/=+$/, ''), urlSafe].includes(text);
}

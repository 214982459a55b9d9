import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

import { UnreadableSecretError } from './crypto.errors.js';

/**
 * The stored form of a secret: version (1 byte), id of the data key (16), IV (12), tag (16), ciphertext.
 *
 * - EN1: AES-256-GCM with a fresh random IV for each record.
 * - EN2: the additional data bind the record to its place. In another place it does not open.
 * - EN3: a record that was altered in any byte does not open.
 */
const version = 1;
const cipherName = 'aes-256-gcm';
const idBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + ivBytes + tagBytes;

/** A key that encrypts secrets of one tenant. */
export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Encrypts a secret with a data key. `place` is the additional data. */
export function sealEnvelope({ id, key }: DataKey, place: Buffer, secret: Buffer): Buffer {
  const { iv, tag, sealed } = encrypt(key, place, secret);
  return Buffer.concat([Buffer.of(version), Buffer.from(id.replaceAll('-', ''), 'hex'), iv, tag, sealed]);
}

/** The id of the data key of a record. Throws `UnreadableSecretError` for anything but a record. */
export function dataKeyIdOf(record: Buffer): string {
  if (record.length < headBytes || record[0] !== version)
    throw new UnreadableSecretError('the stored value is not a sealed secret of a known version');
  const hex = record.toString('hex', 1, 1 + idBytes);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Opens a record with its data key. Throws `UnreadableSecretError` when key, place or any byte differs. */
export function openEnvelope({ id, key }: DataKey, place: Buffer, record: Buffer): Buffer {
  if (dataKeyIdOf(record) !== id) throw new UnreadableSecretError('the secret belongs to another data key');
  const ivAt = 1 + idBytes;
  const tagAt = ivAt + ivBytes;
  return decrypt(key, place, {
    iv: record.subarray(ivAt, tagAt),
    tag: record.subarray(tagAt, headBytes),
    sealed: record.subarray(headBytes),
  });
}

interface Encrypted {
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly sealed: Buffer;
}

/** Encrypts without a head: IV, tag and ciphertext. */
export function wrapBytes(key: KeyObject, place: Buffer, secret: Buffer): Buffer {
  const { iv, tag, sealed } = encrypt(key, place, secret);
  return Buffer.concat([iv, tag, sealed]);
}

/** Opens bytes of `wrapBytes`. Throws `UnreadableSecretError`. */
export function unwrapBytes(key: KeyObject, place: Buffer, wrapped: Buffer): Buffer {
  if (wrapped.length < ivBytes + tagBytes) throw new UnreadableSecretError('the wrapped key is too short');
  return decrypt(key, place, {
    iv: wrapped.subarray(0, ivBytes),
    tag: wrapped.subarray(ivBytes, ivBytes + tagBytes),
    sealed: wrapped.subarray(ivBytes + tagBytes),
  });
}

function encrypt(key: KeyObject, place: Buffer, secret: Buffer): Encrypted {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagBytes });
  cipher.setAAD(place);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), sealed };
}

function decrypt(key: KeyObject, place: Buffer, { iv, tag, sealed }: Encrypted): Buffer {
  try {
    const decipher = createDecipheriv(cipherName, key, iv, { authTagLength: tagBytes });
    decipher.setAAD(place);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    // The cause would name nothing more: authenticated encryption does not tell why.
    throw new UnreadableSecretError(
      'the secret was altered, moved from another place, or sealed with another key',
    );
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** `session`: the address of a connect page. `state`: the OAuth parameter of one attempt. */
export type ConnectTokenKind = 'session' | 'state';

const randomBytesOf = 24;
const tagBytes = 16;
const form = /^[A-Za-z0-9_-]{54}$/;

/**
 * A new token of 192 random bits with a tag of 128 bits. The tag lets a door refuse an invented token without a look at
 * the database. `key` is the purpose key `connect-token`.
 */
export function newConnectToken(key: Uint8Array, kind: ConnectTokenKind): string {
  const random = randomBytes(randomBytesOf);
  return Buffer.concat([random, tagOf(key, kind, random)]).toString('base64url');
}

/** Whether this mesh made the token for this kind of use. It says nothing about the session behind it. */
export function isConnectToken(key: Uint8Array, kind: ConnectTokenKind, text: string): boolean {
  if (!form.test(text)) return false;
  const bytes = Buffer.from(text, 'base64url');
  // The last character carries four unused bits, which decoding ignores. One token has one text.
  if (bytes.toString('base64url') !== text) return false;
  const random = bytes.subarray(0, randomBytesOf);
  return timingSafeEqual(bytes.subarray(randomBytesOf), tagOf(key, kind, random));
}

function tagOf(key: Uint8Array, kind: ConnectTokenKind, random: Buffer): Buffer {
  return createHmac('sha256', key).update(`${kind}:`).update(random).digest().subarray(0, tagBytes);
}

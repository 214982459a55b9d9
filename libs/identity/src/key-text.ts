import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { environmentSchema, type KeyEnvironment, type KeyUse } from '@action-mesh/contracts/auth-broker';

/** The readable parts of a key. */
export interface KeyText {
  readonly use: KeyUse;
  readonly environment: KeyEnvironment;
  readonly id: string;
}

const prefixes: Readonly<Record<KeyUse, string>> = { api: 'mesh', publisher: 'meshpub' };
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 16;
const secretLength = 40;
const checksumLength = 6;
/** `meshpub_live_`, the id, `_`, the secret, the checksum. */
const longest = 13 + idLength + 1 + secretLength + checksumLength;

const shape = /^(mesh|meshpub)_([a-z]{3,4})_([0-9a-z]{16})_([0-9A-Za-z]{40})([0-9A-Za-z]{6})$/;

/**
 * Makes a key `mesh_<environment>_<id>_<secret><checksum>`, or a publisher token, which begins with `meshpub_`. The
 * secret has 238 random bits. The checksum lets a door recognize a damaged key without a search.
 */
export function newKeyText(use: KeyUse, environment: KeyEnvironment): string {
  const id = randomText(idLength, 36).toLowerCase();
  const body = `${prefixes[use]}_${environment}_${id}_${randomText(secretLength, digits.length)}`;
  return body + checksum(body);
}

/** The parts of a key. Undefined if the text is no key or is damaged. The work does not grow with a longer text. */
export function readKeyText(text: string): KeyText | undefined {
  if (text.length > longest) return undefined;
  const [, prefix, environment, id] = shape.exec(text) ?? [];
  if (id === undefined) return undefined;
  const end = text.length - checksumLength;
  if (checksum(text.slice(0, end)) !== text.slice(end)) return undefined;
  const known = environmentSchema.safeParse(environment);
  if (!known.success) return undefined;
  return { use: prefix === prefixes.publisher ? 'publisher' : 'api', environment: known.data, id };
}

/** SHA-256 of a key, in lower-case hex. */
export function keyDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Random digits of a number system. Rejects bytes that would favour some digits. */
function randomText(length: number, base: number): string {
  const usable = 256 - (256 % base);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < usable && text.length < length) text += digits[byte % base] ?? '';
    }
  }
  return text;
}

/** CRC-32 with six digits. */
function checksum(body: string): string {
  let left = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place += 1) {
    text = (digits[left % digits.length] ?? '') + text;
    left = Math.floor(left / digits.length);
  }
  return text;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

/**
 * The variable that holds an API key. It has no default: a known default key would open every mesh without a key of its
 * own.
 */
export const apiKeyVariable = z
  .string()
  .prefault('')
  .refine(
    (key) => /^[\x21-\x7e]{8,200}$/.test(key),
    'must be 8 to 200 printable characters without spaces, and has no default; `openssl rand -hex 24` makes one',
  );

/** A fresh key of 192 random bits. */
export function newApiKey(): string {
  return `mesh_${randomBytes(24).toString('base64url')}`;
}

/** The one key that opens the mesh. A comparison takes the same time for every guess. */
export class ApiKey {
  readonly #digest: Buffer;

  constructor(key: string) {
    this.#digest = digest(key);
  }

  matches(candidate: string | undefined): boolean {
    return candidate !== undefined && timingSafeEqual(digest(candidate), this.#digest);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

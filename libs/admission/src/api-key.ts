import { createHash, timingSafeEqual } from 'node:crypto';

/** The key of a fresh checkout. Everybody knows it, so whoever uses it warns. */
export const developmentApiKey = 'mesh-dev-key';

/** What a key may look like. */
export const apiKeyForm = /^[\x21-\x7e]{8,200}$/;

/** The one key that opens the mesh. Comparing takes the same time however much of a guess is right. */
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

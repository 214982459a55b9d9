import { readFile } from 'node:fs/promises';

import { additionalData } from './additional-data.js';
import { KeyServiceError, UnreadableSecretError } from './crypto.errors.js';
import type { DataKeyPlace, KeyProvider, WrappedKey } from './key-provider.port.js';

const timeoutMs = 5_000;

/** The settings of a key in the Transit engine of Vault or OpenBao. */
export interface TransitOptions {
  /** The origin of the server, without a trailing slash: `https://vault.example.com:8200`. */
  readonly url: string;
  /** The name of the key. Its type must be an AEAD cipher, such as aes256-gcm96. */
  readonly keyName: string;
  /** The file with the token. It is read before each request, so an agent may renew it. */
  readonly tokenFile: string;
  /** The setting that names the key, for messages. */
  readonly setting: string;
}

/**
 * The key-encryption key is in a Transit engine. The server gets the data key with the tenant, twice: a key with
 * derivation uses the derivation context, and an AEAD key the associated data.
 */
export class TransitKeyProvider implements KeyProvider {
  readonly currentKid: string;
  readonly kids: readonly string[];
  readonly setting: string;
  readonly #options: TransitOptions;

  constructor(options: TransitOptions) {
    this.#options = options;
    this.setting = options.setting;
    this.currentKid = `transit:${options.keyName}`;
    this.kids = [this.currentKid];
  }

  async wrap(place: DataKeyPlace, key: Buffer): Promise<readonly WrappedKey[]> {
    const ciphertext = await this.#ask('encrypt', 'ciphertext', {
      plaintext: key.toString('base64'),
      ...bindingOf(place),
    });
    return [{ kid: this.currentKid, wrapped: Buffer.from(ciphertext) }];
  }

  async unwrap(place: DataKeyPlace, { kid, wrapped }: WrappedKey): Promise<Buffer> {
    if (kid !== this.currentKid)
      throw new UnreadableSecretError(`${this.setting} names another key than ${kid}`);
    const plaintext = await this.#ask('decrypt', 'plaintext', {
      ciphertext: wrapped.toString('utf8'),
      ...bindingOf(place),
    });
    return Buffer.from(plaintext, 'base64');
  }

  async #ask(
    action: 'encrypt' | 'decrypt',
    member: 'ciphertext' | 'plaintext',
    body: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { url, keyName, tokenFile } = this.#options;
    const token = await readFile(tokenFile, 'utf8').catch(() => {
      throw new KeyServiceError('the file of AUTH_BROKER_TRANSIT_TOKEN_FILE cannot be read');
    });
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(`${url}/v1/transit/${action}/${encodeURIComponent(keyName)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vault-token': token.trim() },
        body: JSON.stringify(body),
        // A redirect would carry the token to another host.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      answer = await response.json().catch(() => undefined);
    } catch {
      // The cause may name the address with its credentials.
      throw new KeyServiceError(
        `the key service of AUTH_BROKER_TRANSIT_URL does not answer within ${timeoutMs / 1_000} s`,
      );
    }
    if (response.status === 400 && action === 'decrypt')
      throw new UnreadableSecretError(
        `the key service cannot decrypt with the key ${keyName} of ${this.setting}: the key or the place is another one`,
      );
    const value = response.ok ? textAt(answer, member) : undefined;
    if (value !== undefined) return value;
    const hint =
      response.status === 403
        ? `; its token needs the update capability on transit/${action}/${keyName}`
        : response.status === 400 || response.status === 404
          ? `; check that the transit engine has the key ${keyName}`
          : '';
    throw new KeyServiceError(
      `the key service of AUTH_BROKER_TRANSIT_URL answered ${response.status} to ${action}${hint}`,
    );
  }
}

function bindingOf({ tenantId, dataKeyId }: DataKeyPlace): Readonly<Record<string, string>> {
  return {
    context: additionalData(['data-key', '1', tenantId]).toString('base64'),
    associated_data: additionalData(['data-key', '1', tenantId, dataKeyId]).toString('base64'),
  };
}

function textAt(answer: unknown, member: string): string | undefined {
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : undefined;
  if (typeof data !== 'object' || data === null) return undefined;
  const value = (data as Readonly<Record<string, unknown>>)[member];
  return typeof value === 'string' ? value : undefined;
}

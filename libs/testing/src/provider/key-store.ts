import type { Reply } from './endpoints.js';

interface Entry {
  readonly fingerprint: string;
  readonly firstUseMs: number;
  readonly ttlMs: number;
  readonly reply: Reply;
  answered: boolean;
}

export type KeyLookup =
  | { readonly found: 'nothing' }
  | { readonly found: 'answer'; readonly reply: Reply }
  | { readonly found: 'in-flight' }
  | { readonly found: 'other-request' };

/** Idempotency keys of a correct provider. */
export class KeyStore {
  readonly #entries = new Map<string, Entry>();

  lookup(key: string, fingerprint: string, nowMs: number): KeyLookup {
    const entry = this.#entries.get(key);
    if (entry === undefined || nowMs - entry.firstUseMs >= entry.ttlMs) return { found: 'nothing' };
    if (entry.fingerprint !== fingerprint) return { found: 'other-request' };
    return entry.answered ? { found: 'answer', reply: entry.reply } : { found: 'in-flight' };
  }

  begin(key: string, fingerprint: string, reply: Reply, nowMs: number, ttlMs: number): void {
    this.#entries.set(key, { fingerprint, firstUseMs: nowMs, ttlMs, reply, answered: false });
  }

  finish(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answered = true;
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** The row and the column of a secret. Each member is bound to the ciphertext, so no other row can open it. */
export interface SecretPlace {
  readonly tenantId: string;
  /** The kind of the row, and its id. */
  readonly owner: readonly [kind: 'trigger' | 'endpoint', id: string];
}

/** Encrypts secrets for the database. */
export interface Secrets {
  seal(place: SecretPlace, secret: string): Promise<Buffer>;
  /** Rejects with `UnreadableSecretError` when the place or the key is another one. */
  open(place: SecretPlace, sealed: Buffer): Promise<string>;
}

export const Secrets = Symbol('Secrets');

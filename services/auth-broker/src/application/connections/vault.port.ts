/** The owner of a secret. Each member is bound to the ciphertext, so no other row can open it. */
export interface SecretOwner {
  readonly tenantId: string;
  /** Empty for a secret of the tenant itself. */
  readonly userId: string;
  readonly provider: string;
  /** The id of the connection, the integration or the session. */
  readonly id: string;
}

/** The owner of the credential of a connection. */
export function ownerOf({ tenantId, userId, provider, id }: SecretOwner): SecretOwner {
  return { tenantId, userId, provider, id };
}

/** The column of a secret, bound to the ciphertext too. */
export type SecretField = 'credential' | 'orphan' | 'client_secret' | 'verifier' | 'pending';

/** Encrypts secrets for the database. */
export interface Vault {
  seal(owner: SecretOwner, field: SecretField, secret: string): Promise<Buffer>;
  /** Rejects with `UnreadableSecretError` when the row, the field or the key is another one. */
  open(owner: SecretOwner, field: SecretField, sealed: Buffer): Promise<string>;
}

export const Vault = Symbol('Vault');

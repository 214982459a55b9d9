import type { SecretField, SecretOwner, Vault } from './vault.port.js';

/** A vault without encryption that opens a secret for its own owner and field alone. */
export class PlainVault implements Vault {
  seal(owner: SecretOwner, field: SecretField, secret: string): Promise<Buffer> {
    return Promise.resolve(Buffer.from(JSON.stringify([labelOf(owner, field), secret])));
  }

  open(owner: SecretOwner, field: SecretField, sealed: Buffer): Promise<string> {
    const [label, secret] = JSON.parse(sealed.toString()) as [string, string];
    return label === labelOf(owner, field)
      ? Promise.resolve(secret)
      : Promise.reject(new Error('the secret belongs to another owner'));
  }
}

function labelOf({ tenantId, userId, provider, id }: SecretOwner, field: SecretField): string {
  return JSON.stringify([tenantId, userId, provider, id, field]);
}

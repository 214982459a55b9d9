import { additionalData, dataKeyIdOf, openEnvelope, sealEnvelope, type DataKeys } from '@action-mesh/crypto';

import type { SecretField, SecretOwner, Vault } from '../../application/connections/vault.port.js';

/** The version of the list of texts that binds a secret to its place. */
const placeVersion = '1';

/** Seals secrets with the data key of their tenant, bound to their row and column. */
export class EnvelopeVault implements Vault {
  readonly #keys: DataKeys;

  constructor(keys: DataKeys) {
    this.#keys = keys;
  }

  async seal(owner: SecretOwner, field: SecretField, secret: string): Promise<Buffer> {
    const key = await this.#keys.current(owner.tenantId);
    return sealEnvelope(key, placeOf(owner, field), Buffer.from(secret, 'utf8'));
  }

  async open(owner: SecretOwner, field: SecretField, sealed: Buffer): Promise<string> {
    const key = await this.#keys.find(owner.tenantId, dataKeyIdOf(sealed));
    return openEnvelope(key, placeOf(owner, field), sealed).toString('utf8');
  }
}

function placeOf({ tenantId, userId, provider, id }: SecretOwner, field: SecretField): Buffer {
  return additionalData([placeVersion, tenantId, userId, provider, id, field]);
}

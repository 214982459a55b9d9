import { additionalData, dataKeyIdOf, openEnvelope, sealEnvelope, type DataKeys } from '@action-mesh/crypto';

import type { SecretPlace, Secrets } from '../../application/secrets.port.js';

/** The version of the list of texts that binds a secret to its place. */
const placeVersion = '1';

/** Seals secrets with the data key of their tenant. */
export class EnvelopeSecrets implements Secrets {
  readonly #keys: DataKeys;

  constructor(keys: DataKeys) {
    this.#keys = keys;
  }

  async seal(place: SecretPlace, secret: string): Promise<Buffer> {
    const key = await this.#keys.current(place.tenantId);
    return sealEnvelope(key, bytesOf(place), Buffer.from(secret, 'utf8'));
  }

  async open(place: SecretPlace, sealed: Buffer): Promise<string> {
    const key = await this.#keys.find(place.tenantId, dataKeyIdOf(sealed));
    return openEnvelope(key, bytesOf(place), sealed).toString('utf8');
  }
}

function bytesOf({ tenantId, owner: [kind, id] }: SecretPlace): Buffer {
  return additionalData([placeVersion, tenantId, kind, id]);
}

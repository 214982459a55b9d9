import { createHash, createSecretKey } from 'node:crypto';

import { purposeKey } from '@action-mesh/connections';
import type { DeclaredTrigger } from '@action-mesh/contracts/webhooks';
import { additionalData, openEnvelope, sealEnvelope, type DataKey } from '@action-mesh/crypto';
import { defined } from '@action-mesh/kernel';
import { z } from 'zod';

/** A secret that signs requests for a trigger. */
export interface TriggerSecret {
  readonly secret: string;
  /** The end of its overlap with a successor. */
  readonly expiresAtMs?: number | undefined;
}

const sealedSchema = z.array(z.object({ secret: z.string(), expires_at_ms: z.number().optional() }));

type Place = Pick<DeclaredTrigger, 'tenant_id' | 'trigger' | 'revision'>;

/**
 * Seals the secrets of triggers for the services of a mesh, with a key that they derive from `MESH_SERVICE_KEY`.
 *
 * - SX1: a sealed text opens only for its tenant, its trigger and its revision.
 */
export class SealedTriggerSecrets {
  /** Names the service key, so a service sees whether it can open a text. */
  readonly keyId: string;
  readonly #key: DataKey;

  constructor(serviceKey: string) {
    const bytes = purposeKey(serviceKey, 'trigger-secrets');
    const hex = createHash('sha256').update('id').update(bytes).digest('hex');
    this.keyId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    this.#key = { id: this.keyId, key: createSecretKey(bytes) };
  }

  seal(place: Place, secrets: readonly TriggerSecret[]): string {
    const content: z.output<typeof sealedSchema> = secrets.map(({ secret, expiresAtMs }) => ({
      secret,
      ...defined({ expires_at_ms: expiresAtMs }),
    }));
    return sealEnvelope(this.#key, bytesOf(place), Buffer.from(JSON.stringify(content))).toString('base64');
  }

  /** Throws `UnreadableSecretError` for a text of another key or place. */
  open(place: Place, sealed: string): readonly TriggerSecret[] {
    const bytes = openEnvelope(this.#key, bytesOf(place), Buffer.from(sealed, 'base64'));
    return sealedSchema
      .parse(JSON.parse(bytes.toString('utf8')))
      .map(({ secret, expires_at_ms: expiresAtMs }) => ({ secret, expiresAtMs }));
  }
}

function bytesOf({ tenant_id: tenantId, trigger, revision }: Place): Buffer {
  return additionalData(['trigger-secrets', '1', tenantId, trigger, revision]);
}

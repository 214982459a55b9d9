import type { InternalCaller } from '@action-mesh/contracts';
import { secretRotationSchema, type TriggerView } from '@action-mesh/contracts/webhooks';
import { newId, schemaProblems, type Clock } from '@action-mesh/kernel';
import { keyOfSecret } from '@action-mesh/triggers';

import { freshSecret, rotatedSecrets, storedSecret } from '../domain/stored-trigger.js';
import { InvalidTriggerError, TriggerConflictError } from '../domain/trigger.errors.js';
import type { ShowTrigger } from './show-trigger.js';
import type { TriggerStore } from './trigger-store.port.js';

const day = 86_400;

interface RotateTriggerSecretParts {
  readonly store: TriggerStore;
  readonly show: Pick<ShowTrigger, 'changed'>;
  readonly clock: Clock;
}

/** Gives a trigger another secret. The former ones stay valid for an overlap. */
export class RotateTriggerSecret {
  readonly #parts: RotateTriggerSecretParts;

  constructor(parts: RotateTriggerSecretParts) {
    this.#parts = parts;
  }

  /** Throws `UnknownTriggerError`, `InvalidTriggerError` or `TriggerConflictError`. */
  async run({ tenantId, holder }: InternalCaller, name: string, body: unknown): Promise<TriggerView> {
    const { store, show, clock } = this.#parts;
    const read = secretRotationSchema.safeParse(body);
    if (!read.success)
      throw new InvalidTriggerError('the rotation is not right', schemaProblems(read.error.issues));
    const { secret: given, overlap_seconds: overlapSeconds = day } = read.data;
    const nowMs = clock.now();
    let made: string | undefined;
    const stored = await store.change(tenantId, name, (current) => {
      if (current === undefined) return undefined;
      const { scheme } = current.settings;
      if (scheme === 'api_key')
        throw new TriggerConflictError(
          'the trigger has no secrets: API keys open it, and rotate by themselves',
        );
      if (given !== undefined && keyOfSecret(scheme, given) === undefined)
        throw new InvalidTriggerError('the rotation is not right', [
          { pointer: '/secret', message: 'must be base64 of 16 bytes or more, such as whsec_…' },
        ]);
      made = given === undefined ? freshSecret(current.settings) : undefined;
      const next = storedSecret(given ?? made ?? '', nowMs);
      return {
        ...current,
        secrets: rotatedSecrets(current.secrets, next, overlapSeconds * 1_000),
        revision: newId(),
        updatedAtMs: nowMs,
        updatedBy: holder,
      };
    });
    return show.changed(stored, made);
  }
}

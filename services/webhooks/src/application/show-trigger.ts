import type { InternalCaller } from '@action-mesh/contracts';
import type { TriggerView } from '@action-mesh/contracts/webhooks';
import { defined, type Clock } from '@action-mesh/kernel';

import { triggerView, type StoredTrigger } from '../domain/stored-trigger.js';
import { UnknownTriggerError } from '../domain/trigger.errors.js';
import type { PublishTriggers } from './publish-triggers.js';
import type { TriggerStore } from './trigger-store.port.js';

interface ShowTriggerParts {
  readonly store: TriggerStore;
  readonly publish: Pick<PublishTriggers, 'soon' | 'isPublished'>;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** Triggers for their tenant. No answer shows a stored secret. */
export class ShowTrigger {
  readonly #parts: ShowTriggerParts;

  constructor(parts: ShowTriggerParts) {
    this.#parts = parts;
  }

  async list({ tenantId }: InternalCaller): Promise<readonly TriggerView[]> {
    return (await this.#parts.store.list(tenantId)).map((stored) => this.#view(stored));
  }

  /** Throws `UnknownTriggerError`. */
  async run({ tenantId }: InternalCaller, name: string): Promise<TriggerView> {
    const stored = await this.#parts.store.find(tenantId, name);
    if (stored === undefined) throw new UnknownTriggerError();
    return this.#view(stored);
  }

  /** A trigger after its change, with a secret that the mesh has just made. Waits a moment for its publication. */
  async changed(stored: StoredTrigger | undefined, secret?: string): Promise<TriggerView> {
    if (stored === undefined) throw new UnknownTriggerError();
    await this.#parts.publish.soon();
    return this.#view(stored, secret);
  }

  #view(stored: StoredTrigger, secret?: string): TriggerView {
    const { publish, publicUrl, clock } = this.#parts;
    return triggerView(stored, {
      publicUrl,
      published: publish.isPublished(stored),
      nowMs: clock.now(),
      ...defined({ secret }),
    });
  }
}

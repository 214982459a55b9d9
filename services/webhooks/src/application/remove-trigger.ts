import type { InternalCaller } from '@action-mesh/contracts';

import { UnknownTriggerError } from '../domain/trigger.errors.js';
import type { PublishTriggers } from './publish-triggers.js';
import type { TriggerStore } from './trigger-store.port.js';

/** Removes a trigger. Its deliveries stay until their time is over. */
export class RemoveTrigger {
  readonly #store: TriggerStore;
  readonly #publish: Pick<PublishTriggers, 'soon'>;

  constructor(store: TriggerStore, publish: Pick<PublishTriggers, 'soon'>) {
    this.#store = store;
    this.#publish = publish;
  }

  /** Throws `UnknownTriggerError`. */
  async run({ tenantId }: InternalCaller, name: string): Promise<void> {
    await this.#store.change(tenantId, name, (current) => {
      if (current === undefined) throw new UnknownTriggerError();
      return undefined;
    });
    await this.#publish.soon();
  }
}

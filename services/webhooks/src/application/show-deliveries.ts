import type { InternalCaller } from '@action-mesh/contracts';
import type { DeliveryState, DeliveryView } from '@action-mesh/contracts/webhooks';
import { defined } from '@action-mesh/kernel';

import { TriggerConflictError, UnknownDeliveryError, UnknownTriggerError } from '../domain/trigger.errors.js';
import type { TriggerDeliveries } from './trigger-deliveries.port.js';
import type { TriggerStore } from './trigger-store.port.js';

/** A page of deliveries. The cursor leads to the next one. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliveryView[];
  readonly cursor?: string;
}

interface DeliveryPageQuery {
  readonly state?: DeliveryState | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The deliveries of a trigger for its tenant, and their replay. */
export class ShowDeliveries {
  readonly #deliveries: TriggerDeliveries;
  readonly #triggers: Pick<TriggerStore, 'find'>;
  readonly #onReopened: () => void;

  constructor(deliveries: TriggerDeliveries, triggers: Pick<TriggerStore, 'find'>, onReopened: () => void) {
    this.#deliveries = deliveries;
    this.#triggers = triggers;
    this.#onReopened = onReopened;
  }

  /** Throws `UnknownTriggerError`. */
  async list({ tenantId }: InternalCaller, trigger: string, query: DeliveryPageQuery): Promise<DeliveryPage> {
    if ((await this.#triggers.find(tenantId, trigger)) === undefined) throw new UnknownTriggerError();
    const { state, limit, cursor: before } = query;
    const found = await this.#deliveries.list(tenantId, trigger, { state, limit: limit + 1, before });
    const deliveries = found.slice(0, limit);
    const cursor = found.length > limit ? deliveries.at(-1)?.id : undefined;
    return { deliveries, ...defined({ cursor }) };
  }

  /** Tries a delivery again that failed or was skipped. Throws `UnknownDeliveryError` or `TriggerConflictError`. */
  async replay({ tenantId }: InternalCaller, trigger: string, id: string): Promise<DeliveryView> {
    const reopened = await this.#deliveries.reopen(tenantId, trigger, id);
    if (reopened === 'unknown') throw new UnknownDeliveryError();
    if (reopened === 'closed')
      throw new TriggerConflictError(
        'the calls of the delivery are started, or will start; redrive a failed call by its id',
      );
    this.#onReopened();
    return reopened;
  }
}

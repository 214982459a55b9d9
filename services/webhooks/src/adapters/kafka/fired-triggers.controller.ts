import { TriggerFired, type FiredTrigger } from '@action-mesh/contracts/gateway';
import { formatTraceparent } from '@action-mesh/kernel';
import { ack, EventHandler, retry, type Outcome, type RecordContext } from '@action-mesh/messaging';
import { isTransient } from '@action-mesh/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { TriggerDeliveries } from '../../application/trigger-deliveries.port.js';
import { DeliveryWork } from '../../application/delivery-work.js';

const pauseMs = 250;

/** Records events of declared triggers. The record, and not the offset, remembers the work from then on. */
@Controller()
export class FiredTriggersController {
  readonly #deliveries: TriggerDeliveries;
  readonly #work: DeliveryWork;

  constructor(
    @Inject(TriggerDeliveries) deliveries: TriggerDeliveries,
    @Inject(DeliveryWork) work: DeliveryWork,
  ) {
    this.#deliveries = deliveries;
    this.#work = work;
  }

  @EventHandler(TriggerFired, { concurrency: 64, ordered: false })
  async onFired(@Payload() event: FiredTrigger, @Ctx() { trace }: RecordContext): Promise<Outcome> {
    try {
      const recorded = await this.#deliveries.record(event, formatTraceparent(trace));
      if (recorded === 'new') this.#work.wake();
      return ack;
    } catch (error) {
      if (isTransient(error)) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}

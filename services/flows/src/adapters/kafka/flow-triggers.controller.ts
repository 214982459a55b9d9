import { TriggerFired, type FiredTrigger } from '@action-mesh/contracts/gateway';
import { formatTraceparent } from '@action-mesh/kernel';
import {
  ack,
  deadLetter,
  EventHandler,
  retry,
  type Outcome,
  type RecordContext,
} from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { StartRuns } from '../../application/start-runs.js';
import { FlowsUnavailableError } from '../../domain/flows.errors.js';

const pauseMs = 250;

/** Starts runs for events. A run is on record before its event is acknowledged. */
@Controller()
export class FlowTriggersController {
  readonly #start: StartRuns;

  constructor(@Inject(StartRuns) start: StartRuns) {
    this.#start = start;
  }

  @EventHandler(TriggerFired, { concurrency: 64, ordered: false })
  async onFired(@Payload() event: FiredTrigger, @Ctx() { trace }: RecordContext): Promise<Outcome> {
    try {
      const [refusal] = await this.#start.fired(event, formatTraceparent(trace));
      return refusal === undefined ? ack : deadLetter(`a flow cannot start: ${refusal}`);
    } catch (error) {
      if (error instanceof FlowsUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}

import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import type { RecordContext } from '@action-mesh/messaging';
import { ack, deadLetter, EventHandler, retry, type Outcome } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { RecordCall } from '../../application/record-call.js';
import { LedgerUnavailableError } from '../../domain/executor.errors.js';

/** How long a record rests before it is tried again: long enough to cost nothing, short enough not to be felt. */
const pauseMs = 250;

/** Feeds accepted calls into the ledger. Calls are independent of each other, so that none waits for another. */
@Controller()
export class CallsController {
  constructor(@Inject(RecordCall) private readonly recordCall: RecordCall) {}

  @EventHandler(CallAccepted, { concurrency: 1_024, ordered: false })
  async onCall(@Payload() call: AcceptedCall, @Ctx() context: RecordContext): Promise<Outcome> {
    const { topic, partition, offset } = context.record;
    try {
      const reception = await this.recordCall.execute({
        call,
        trace: context.trace,
        origin: `${topic}/${partition}/${offset}`,
      });
      if (reception === 'later') return retry(Date.now() + pauseMs);
      if (reception === 'id_conflict') {
        return deadLetter('CALL_ID_CONFLICT', 'the call id was used before for another call');
      }
      return ack;
    } catch (error) {
      // The record keeps its offset until the ledger can be written again (I7).
      if (error instanceof LedgerUnavailableError) return retry(Date.now() + pauseMs);
      throw error;
    }
  }
}

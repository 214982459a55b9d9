import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  type AcceptedCall,
} from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';
import type { RecordContext } from '@action-mesh/messaging';
import { EventHandler, type Outcome } from '@action-mesh/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

import { RecordCall } from '../../application/record-call.js';
import { originOf, settledRecord } from './settled-record.js';

/**
 * Feeds accepted calls into the ledger. Calls are independent, so none waits for another. The ledger sees nearly all
 * held records at once, so it finds a quiet tenant's record behind a flood of others.
 */
@Controller()
export class AcceptedCallsController {
  readonly #recordCall: RecordCall;

  constructor(@Inject(RecordCall) recordCall: RecordCall) {
    this.#recordCall = recordCall;
  }

  @EventHandler(CallAccepted, { concurrency: 4_096, ordered: false })
  onCall(@Payload() call: AcceptedCall, @Ctx() { record, trace }: RecordContext): Promise<Outcome> {
    const origin = originOf(record);
    return settledRecord(
      this.#recordCall.execute({ call, trace, arrivedAtMs: record.timestampMs, ...defined({ origin }) }),
    );
  }

  @EventHandler(AwaitedCallAccepted, { concurrency: 4_096, ordered: false, takesHandover: true })
  onAwaitedCall(@Payload() call: AcceptedCall, @Ctx() context: RecordContext): Promise<Outcome> {
    return this.onCall(call, context);
  }

  /** Few at a time: they share the ledger and this process with calls that have waiting callers. */
  @EventHandler(BulkCallAccepted, { concurrency: 64, ordered: false })
  onBulkCall(@Payload() call: AcceptedCall, @Ctx() context: RecordContext): Promise<Outcome> {
    return this.onCall(call, context);
  }
}

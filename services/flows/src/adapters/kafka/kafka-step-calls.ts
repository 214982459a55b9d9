import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, parseTraceparent } from '@action-mesh/kernel';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';

import type { StepCallLog } from '../../application/call-log.port.js';

/** Accepted calls on the topic of the executors. The id of a record is that of its call. */
export class KafkaStepCalls implements StepCallLog {
  readonly #producer: Pick<RecordProducer, 'send'>;

  constructor(producer: Pick<RecordProducer, 'send'>) {
    this.#producer = producer;
  }

  async accepted(call: AcceptedCall, traceparent: string | undefined): Promise<void> {
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    await this.#producer.send(
      encodeEvent(CallAccepted, call, {
        source: '/services/flows',
        id: call.call_id,
        trace: childSpan(parent),
      }),
    );
  }
}

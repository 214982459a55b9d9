import {
  CallAccepted,
  TriggerFired,
  type AcceptedCall,
  type FiredTrigger,
} from '@action-mesh/contracts/gateway';
import { childSpan, parseTraceparent } from '@action-mesh/kernel';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';

import type { CallLog } from '../../application/call-log.port.js';
import type { TriggerLog } from '../../application/fire-schedules.js';
import { webhooksSource as source } from './event-source.js';

/** Accepted calls on the topic of the executors. The id of a record is that of its call, so a repetition is recognised. */
export class KafkaCallLog implements CallLog {
  readonly #producer: Pick<RecordProducer, 'sendAll'>;

  constructor(producer: Pick<RecordProducer, 'sendAll'>) {
    this.#producer = producer;
  }

  async accepted(calls: readonly AcceptedCall[], traceparent: string | undefined): Promise<void> {
    const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    await this.#producer.sendAll(
      calls.map((call) =>
        encodeEvent(CallAccepted, call, { source, id: call.call_id, trace: childSpan(parent) }),
      ),
    );
  }
}

/** Events of schedules on the topic of triggers. */
export class KafkaTriggerLog implements TriggerLog {
  readonly #producer: Pick<RecordProducer, 'sendAll'>;

  constructor(producer: Pick<RecordProducer, 'sendAll'>) {
    this.#producer = producer;
  }

  async fired(events: readonly FiredTrigger[]): Promise<void> {
    await this.#producer.sendAll(
      events.map((event) =>
        encodeEvent(TriggerFired, event, { source, id: event.trigger_id, trace: childSpan(undefined) }),
      ),
    );
  }
}

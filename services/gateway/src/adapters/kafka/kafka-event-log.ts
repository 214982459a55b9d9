import {
  AwaitedCallAccepted,
  BulkCallAccepted,
  CallAccepted,
  TriggerFired,
  type AcceptedCall,
  type FiredTrigger,
} from '@action-mesh/contracts/gateway';
import { defined, type TraceContext } from '@action-mesh/kernel';
import {
  encodeEvent,
  RecordTooLargeError,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { CallLane, EventLog } from '../../application/event-log.port.js';
import { MeshUnavailableError, RequestRefusedError } from '../../domain/gateway.errors.js';

const source = '/services/gateway';

const definitions: Readonly<Record<CallLane, typeof CallAccepted>> = {
  calls: CallAccepted,
  awaited: AwaitedCallAccepted,
  bulk: BulkCallAccepted,
};

/** The event log as Kafka topics. The id of a record follows from its content, so consumers recognise a repetition. */
export class KafkaEventLog implements EventLog {
  readonly #producer: Pick<RecordProducer, 'send'>;

  constructor(producer: Pick<RecordProducer, 'send'>) {
    this.#producer = producer;
  }

  async callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void> {
    const record = encodeEvent(definitions[lane], call, { source, id: call.call_id, trace });
    await this.#send(record, call.call_id);
  }

  async triggerFired(fired: FiredTrigger, trace: TraceContext): Promise<void> {
    await this.#send(encodeEvent(TriggerFired, fired, { source, id: fired.trigger_id, trace }));
  }

  async #send(record: OutgoingRecord, callId?: string): Promise<void> {
    try {
      await this.#producer.send(record);
    } catch (cause) {
      if (cause instanceof RecordTooLargeError) {
        throw new RequestRefusedError(
          'call_too_large',
          'The request is larger than a record of the mesh may be.',
          'Send less data, or send a reference to it.',
        );
      }
      throw new MeshUnavailableError('The log did not confirm the record in time.', {
        cause,
        ...defined({ callId }),
      });
    }
  }
}

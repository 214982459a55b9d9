import { CallOutcome } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import {
  CloudEventHeader,
  traceHeaders,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { DueOutcome, OutcomePublisher } from '../../application/outcome-publisher.port.js';
import { readTrace } from '../postgres/trace-column.js';

/** Publishes outcomes exactly as the ledger wrote them. */
export class OutcomeProducer implements OutcomePublisher {
  constructor(private readonly producer: RecordProducer) {}

  async publish(due: readonly DueOutcome[]): Promise<void> {
    await this.producer.sendAll(due.map(outcomeRecord));
  }
}

/**
 * The same outcome always makes the same record: its id is the submission and the sequence number, so that a subscriber
 * recognises a repetition by either (I4).
 */
function outcomeRecord({ callId, seq, trace, value }: DueOutcome): OutgoingRecord {
  return {
    topic: CallOutcome.topic,
    key: callId,
    value: Buffer.from(value),
    headers: {
      [CloudEventHeader.id]: `${callId}/${seq}`,
      [CloudEventHeader.type]: eventType(CallOutcome),
      [CloudEventHeader.source]: '/services/executor',
      [CloudEventHeader.specversion]: '1.0',
      [CloudEventHeader.contentType]: 'application/json',
      ...traceHeaders(readTrace(trace)),
    },
  };
}

import { CallDead, CallOutcome, RetryDue } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import {
  CloudEventHeader,
  traceHeaders,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';

import type { OutboxPublisher, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { readTrace } from '../postgres/trace-column.js';

/** Publishes committed rows of the ledger, byte for byte. */
export class OutboxProducer implements OutboxPublisher {
  readonly #producer: RecordProducer;

  constructor(producer: RecordProducer) {
    this.#producer = producer;
  }

  async publish(due: readonly OutboxRecord[]): Promise<void> {
    await this.#producer.sendAll(due.map(outgoingRecord));
  }
}

const outcomes = { topic: CallOutcome.topic, type: eventType(CallOutcome) };
const deadLetters = { topic: CallDead.topic, type: eventType(CallDead) };

/** The topic of a row. Its kind is `outcome`, `dead`, or the topic of a rung. */
function destination(kind: string): { readonly topic: string; readonly type: string } {
  if (kind === 'outcome') return outcomes;
  return kind === 'dead' ? deadLetters : { topic: kind, type: eventType(RetryDue) };
}

/**
 * Builds the record of a row. The same row always makes the same record. Its id consists of the submission and the
 * sequence number, so a subscriber recognizes a repetition by either (I4).
 */
function outgoingRecord({ kind, key, callId, seq, trace, value }: OutboxRecord): OutgoingRecord {
  const { topic, type } = destination(kind);
  return {
    topic,
    key,
    value: Buffer.from(value),
    headers: {
      [CloudEventHeader.id]: `${callId}/${seq}`,
      [CloudEventHeader.type]: type,
      [CloudEventHeader.source]: '/services/executor',
      [CloudEventHeader.specversion]: '1.0',
      [CloudEventHeader.contentType]: 'application/json',
      ...traceHeaders(readTrace(trace)),
    },
  };
}

import { CallDead, CallOutcome, RetryDue } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import {
  CloudEventHeader,
  traceHeaders,
  type OutgoingRecord,
  type RecordProducer,
} from '@action-mesh/messaging';
import { partSpanId } from '@action-mesh/telemetry/port';

import type { OutboxPublisher, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { readTrace } from '../postgres/trace-column.js';

/** Publishes committed rows of the ledger, byte for byte. */
export class OutboxProducer implements OutboxPublisher {
  readonly #producer: RecordProducer;
  readonly #isTraced: boolean;

  /** `isTraced`: each send has a span of its own, which its record names. */
  constructor(producer: RecordProducer, isTraced = false) {
    this.#producer = producer;
    this.#isTraced = isTraced;
  }

  async publish(due: readonly OutboxRecord[]): Promise<void> {
    await this.#producer.sendAll(due.map(this.#isTraced ? tracedRecord : outgoingRecord));
  }
}

const outcomes = { topic: CallOutcome.topic, type: eventType(CallOutcome) };
const deadLetters = { topic: CallDead.topic, type: eventType(CallDead) };

/** The topic of a row. Its kind is `outcome`, `dead`, or the topic of a rung. */
function destination(kind: string): { readonly topic: string; readonly type: string } {
  if (kind === 'outcome') return outcomes;
  return kind === 'dead' ? deadLetters : { topic: kind, type: eventType(RetryDue) };
}

/** The record of a row, with the span of its send. Its id follows from the row, so a repetition has the same bytes. */
function tracedRecord(row: OutboxRecord): OutgoingRecord {
  const { kind, callId, seq } = row;
  const parent = readTrace(row.trace);
  const trace = { ...parent, spanId: partSpanId(callId, `send/${kind}/${seq}`) };
  const record = outgoingRecord(row);
  return {
    ...record,
    headers: { ...record.headers, ...traceHeaders(trace) },
    span: { trace, parentSpanId: parent.spanId, tenantId: row.tenantId },
  };
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

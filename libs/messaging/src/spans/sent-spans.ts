import { childSpan, MeshError, parseTraceparent } from '@action-mesh/kernel';
import {
  attributeName,
  spanName,
  spanTimeMs,
  type SpanAttributes,
  type Spans,
} from '@action-mesh/telemetry/port';

import { CloudEventHeader, type IncomingRecord, type OutgoingRecord } from '../wire.js';

/** Records the spans of sent records that have one. `failure`: why the send failed. */
export function recordSent(
  spans: Spans,
  records: readonly OutgoingRecord[],
  startMs: number,
  failure: unknown,
): void {
  const endMs = spanTimeMs();
  for (const { topic, span, headers } of records) {
    if (span === undefined) continue;
    spans.record({
      name: spanName.send(topic),
      kind: 'producer',
      trace: span.trace,
      parentSpanId: span.parentSpanId,
      tenantId: span.tenantId,
      startMs,
      endMs,
      attributes: sentAttributes(topic, headers[CloudEventHeader.id]),
      ...(failure === undefined ? {} : { error: { type: errorType(failure) }, keep: true }),
    });
  }
}

/**
 * Records that a record went to the dead letters. The letter keeps the `traceparent` of the record, so readers of the
 * letter find the trace of the call and not only this span.
 */
export function recordDeadLetter(
  spans: Spans,
  {
    record: { headers, topic: origin },
    topic,
    reason,
    startMs,
  }: {
    readonly record: IncomingRecord;
    readonly topic: string;
    readonly reason: string;
    readonly startMs: number;
  },
): void {
  const parent = parseTraceparent(
    headers[CloudEventHeader.traceparent],
    headers[CloudEventHeader.tracestate],
  );
  spans.record({
    name: spanName.send(topic),
    kind: 'producer',
    trace: parent === undefined ? spans.root() : childSpan(parent),
    parentSpanId: parent?.spanId,
    startMs,
    endMs: spanTimeMs(),
    attributes: {
      ...sentAttributes(topic, headers[CloudEventHeader.id]),
      [attributeName.deadLetterOf]: origin,
    },
    error: { type: reason },
    keep: true,
  });
}

function sentAttributes(topic: string, id: string | undefined): SpanAttributes {
  return {
    [attributeName.messagingSystem]: 'kafka',
    [attributeName.messagingOperation]: 'send',
    [attributeName.messagingOperationType]: 'send',
    [attributeName.messagingDestination]: topic,
    [attributeName.messagingMessageId]: id,
  };
}

function errorType(failure: unknown): string {
  if (failure instanceof MeshError) return failure.code;
  return failure instanceof Error ? failure.name : 'error';
}

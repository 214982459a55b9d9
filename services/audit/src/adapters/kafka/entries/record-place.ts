import { eventType, parseTraceparent, type EventDefinition } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';

import { entryId, type NewEntry } from '../../../domain/new-entry.js';

/** The times that both canonical text and a column of PostgreSQL hold, in milliseconds. */
const earliestMs = 0;
const latestMs = Date.UTC(9_999, 11, 31);

/** The moment of a record. A client may stamp a record with any number; one that is no usable time becomes the nearest. */
export function recordMoment({ timestampMs }: Pick<IncomingRecord, 'timestampMs'>): string {
  return new Date(Math.min(Math.max(timestampMs, earliestMs), latestMs)).toISOString();
}

/** The members of an entry that follow from its record alone. */
export function recordPlace(
  definition: Pick<EventDefinition, 'type' | 'version'>,
  { topic, partition, offset, value, headers }: IncomingRecord,
): Pick<NewEntry, 'id' | 'source' | 'traceId' | 'spanId'> {
  const trace = parseTraceparent(headers[CloudEventHeader.traceparent], headers[CloudEventHeader.tracestate]);
  return {
    id: entryId(eventType(definition), value ?? ''),
    source: { topic, partition, offset: offset.toString() },
    traceId: trace?.traceId,
    spanId: trace?.spanId,
  };
}

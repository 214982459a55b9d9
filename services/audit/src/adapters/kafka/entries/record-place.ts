import { eventType, parseTraceparent, type EventDefinition } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';

import { entryId, type NewEntry } from '../../../domain/new-entry.js';

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

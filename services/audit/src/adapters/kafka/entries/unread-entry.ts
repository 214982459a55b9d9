import { topics } from '@action-mesh/contracts';
import { noTenant } from '@action-mesh/contracts/executor';
import { DeadLetterHeader, type IncomingRecord } from '@action-mesh/messaging';

import { entryId, type NewEntry } from '../../../domain/new-entry.js';
import { entryContent } from './entry-content.js';
import { recordMoment } from './record-place.js';

/**
 * The entry of a record that is no event of a known type. On the dead letter topic, another service refused it. On any
 * other topic, audit itself could not read it. Nobody vouches for a tenant in it, so it stands in the chain of no tenant.
 */
export function unreadEntry(record: IncomingRecord, code: string, message: string): NewEntry {
  const { topic, partition, offset, headers, value } = record;
  const place = { topic, partition, offset: offset.toString() };
  const letterId = headers[DeadLetterHeader.deadLetterId];
  const isLetter = topic.endsWith(topics.deadLetters.name) && letterId !== undefined;
  return {
    tenantId: noTenant,
    // Every copy of a letter has the same id.
    id: entryId(
      isLetter ? 'letter' : 'record',
      isLetter ? letterId : `${topic}/${partition}/${place.offset}`,
    ),
    kind: isLetter ? 'record.refused' : 'record.unreadable',
    at: recordMoment(record),
    source: place,
    facts: {
      code: isLetter ? headers[DeadLetterHeader.errorCode] : code,
      origin: isLetter ? letterId : undefined,
      bytes: value?.length ?? 0,
    },
    content: entryContent({ message: isLetter ? headers[DeadLetterHeader.errorMessage] : message }),
  };
}

/** The entry of the same record without any part that a client chose. */
export function bareUnreadEntry(record: IncomingRecord): NewEntry {
  const { content: _content, ...entry } = unreadEntry(record, '', '');
  return { ...entry, facts: { code: 'AUDIT_UNRECORDABLE', bytes: record.value?.length ?? 0 } };
}

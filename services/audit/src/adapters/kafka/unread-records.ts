import { MessagingClosedError, type IncomingRecord, type RecordProducer } from '@action-mesh/messaging';

import type { RecordEntries } from '../../application/record-entries.js';
import { unreadEntry } from './entries/unread-entry.js';

const pauseMs = 500;

/**
 * Records that are no readable event. Each becomes an entry, so audit writes no topic and loses nothing.
 *
 * - UR1: the offset of such a record waits for its entry.
 */
export class UnreadRecords {
  readonly #recordEntries: RecordEntries;
  readonly #onUnread: (record: IncomingRecord, code: string) => void;
  readonly #closing = new AbortController();

  constructor(recordEntries: RecordEntries, onUnread: (record: IncomingRecord, code: string) => void) {
    this.#recordEntries = recordEntries;
    this.#onUnread = onUnread;
  }

  /** In place of the producer of dead letters: `take` gets the record itself. */
  readonly producer: RecordProducer = {
    send: () => Promise.resolve(),
    sendAll: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  /** Resolves after the commit of the entry. Rejects only after `close`. */
  async take(record: IncomingRecord, code: string, message: string): Promise<void> {
    this.#onUnread(record, code);
    while (!this.#closing.signal.aborted) {
      try {
        await this.#recordEntries.run(unreadEntry(record, code, message));
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    throw new MessagingClosedError('stopped before the entry of an unreadable record was recorded');
  }

  close(): void {
    this.#closing.abort();
  }
}

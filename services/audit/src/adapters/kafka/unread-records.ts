import { MessagingClosedError, type IncomingRecord, type RecordProducer } from '@action-mesh/messaging';

import type { RecordEntries } from '../../application/record-entries.js';
import { HistoryUnavailableError } from '../../domain/audit.errors.js';
import { bareUnreadEntry, unreadEntry } from './entries/unread-entry.js';

const pauseMs = 500;

/** Reports of unreadable records. */
export interface UnreadReports {
  readonly onUnread: (record: IncomingRecord, code: string) => void;
  /** The chain of no tenant refuses even the bare entry of a record, so the record waits. */
  readonly onStuck: (record: IncomingRecord, error: unknown) => void;
}

/**
 * Records that are no readable event. Each becomes an entry, so audit writes no topic and loses nothing.
 *
 * - UR1: the offset of such a record waits for its entry.
 * - UR2: an entry that cannot be recorded loses the parts that a client chose, so no record blocks those behind it.
 */
export class UnreadRecords {
  readonly #recordEntries: Pick<RecordEntries, 'run'>;
  readonly #reports: UnreadReports;
  readonly #closing = new AbortController();

  constructor(recordEntries: Pick<RecordEntries, 'run'>, reports: UnreadReports) {
    this.#recordEntries = recordEntries;
    this.#reports = reports;
  }

  /** In place of the producer of dead letters: `take` gets the record itself. */
  readonly producer: RecordProducer = {
    send: () => Promise.resolve(),
    sendAll: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  /** Resolves after the commit of the entry. Rejects only after `close`. */
  async take(record: IncomingRecord, code: string, message: string): Promise<void> {
    this.#reports.onUnread(record, code);
    const bare = bareUnreadEntry(record);
    let entry = unreadEntry(record, code, message);
    while (!this.#closing.signal.aborted) {
      try {
        await this.#recordEntries.run(entry);
        return;
      } catch (error) {
        const isRefused = !(error instanceof HistoryUnavailableError);
        if (isRefused && entry !== bare) {
          entry = bare;
          continue;
        }
        if (isRefused) this.#reports.onStuck(record, error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    throw new MessagingClosedError('stopped before the entry of an unreadable record was recorded');
  }

  close(): void {
    this.#closing.abort();
  }
}

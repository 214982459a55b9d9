import { TriggerFired } from '@action-mesh/contracts/gateway';
import { DeadLetterHeader, type OutgoingRecord, type RecordProducer } from '@action-mesh/messaging';

/**
 * Decides on dead letters. The executor owns outcomes, so an unreadable one is only reported. An event that no handler could
 * take is kept for a person.
 */
export class SkippedRecords implements RecordProducer {
  readonly #onSkipped: () => void;
  readonly #kept: RecordProducer;

  constructor(onSkipped: () => void, kept: RecordProducer) {
    this.#onSkipped = onSkipped;
    this.#kept = kept;
  }

  async send(record: OutgoingRecord): Promise<void> {
    if (isEvent(record)) await this.#kept.send(record);
    else this.#onSkipped();
  }

  async sendAll(records: readonly OutgoingRecord[]): Promise<void> {
    for (const record of records) await this.send(record);
  }

  close(): Promise<void> {
    return this.#kept.close();
  }
}

/** Topics of a mesh may have a prefix. */
function isEvent({ headers }: OutgoingRecord): boolean {
  const origin = headers[DeadLetterHeader.originTopic];
  return origin?.endsWith(TriggerFired.topic) === true;
}

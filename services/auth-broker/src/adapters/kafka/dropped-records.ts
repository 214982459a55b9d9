import type { RecordProducer } from '@action-mesh/messaging';

/** Takes the place of a producer of dead letters where no content may be kept (TR3). It counts and forgets. */
export class DroppedRecords implements RecordProducer {
  readonly #onDropped: () => void;

  constructor(onDropped: () => void) {
    this.#onDropped = onDropped;
  }

  send(): Promise<void> {
    this.#onDropped();
    return Promise.resolve();
  }

  sendAll(records: readonly unknown[]): Promise<void> {
    records.forEach(() => this.#onDropped());
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { hash } from 'node:crypto';

import type { RecordHandler, RunningHandler } from '../consumer/dispatcher.js';
import { ack, isOutcome } from '../outcome.js';
import { CloudEventHeader, type IncomingRecord } from '../wire.js';

interface HandedOver {
  /** SHA-256 of the value. Many values in memory would be large. */
  readonly digest: string;
  /** Whether the handler acknowledged the record. Never rejects. */
  readonly acknowledged: Promise<boolean>;
}

/** Handled records that wait for their copies. When another process consumes the copies, the oldest are forgotten. */
const maxRemembered = 20_000;

/**
 * Runs the handler of a topic on records that a producer of the same process hands over, ahead of their copies from
 * Kafka.
 *
 * - M38 (I7): the copy of a record that the handler acknowledged is acknowledged without a second run, and not before
 *   the first run has ended. Any other copy is handled as if nothing had been handed over.
 * - M39: a record is handed over only while fewer than `concurrency` handed-over records run. All others come from
 *   Kafka.
 */
export class HandedOverRecords {
  readonly #handle: RecordHandler;
  readonly #concurrency: number;
  readonly #records = new Map<string, HandedOver>();
  readonly #running = new Map<Promise<boolean>, RunningHandler>();
  #isStopped = false;

  constructor(handle: RecordHandler, concurrency: number) {
    this.#handle = handle;
    this.#concurrency = concurrency;
  }

  /** Starts the handler on a handed-over record. Returns whether it did. */
  receive(record: IncomingRecord): boolean {
    const id = record.headers[CloudEventHeader.id];
    if (id === undefined || this.#isStopped || this.#running.size >= this.#concurrency) return false;
    // The copy of the earlier record takes this id. This record waits for its own copy.
    if (this.#records.has(id)) return false;
    let handler: RunningHandler;
    try {
      handler = this.#handle(record, 0);
    } catch {
      // The copy fails in the same way and becomes a dead letter, which names its place in Kafka.
      return false;
    }
    const acknowledged = wasAcknowledged(handler);
    this.#running.set(acknowledged, handler);
    void acknowledged.then(() => this.#running.delete(acknowledged));
    this.#remember(id, { digest: digestOf(record), acknowledged });
    return true;
  }

  /** Handles a record from Kafka. */
  readonly handle: RecordHandler = (record, attempt) => {
    const handedOver = this.#take(record);
    if (handedOver === undefined) return this.#handle(record, attempt);
    let handler: RunningHandler | undefined;
    return {
      outcome: handedOver.acknowledged.then((isAcknowledged) => {
        if (isAcknowledged) return ack;
        handler = this.#handle(record, attempt);
        return handler.outcome;
      }),
      abort: (reason) => handler?.abort(reason),
    };
  };

  /** Takes no more records. Resolves when the running handlers have ended, or after `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([Promise.all(this.#running.keys()), timeout]);
    clearTimeout(timer);
    for (const handler of this.#running.values()) handler.abort(new Error('the drain deadline has passed'));
  }

  #remember(id: string, record: HandedOver): void {
    this.#records.set(id, record);
    if (this.#records.size <= maxRemembered) return;
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest);
      return;
    }
  }

  /** The handed-over record with this copy. Another record may have the same id: its publisher chose it. */
  #take(record: IncomingRecord): HandedOver | undefined {
    const id = record.headers[CloudEventHeader.id] ?? '';
    const handedOver = this.#records.get(id);
    if (handedOver === undefined) return undefined;
    this.#records.delete(id);
    return handedOver.digest === digestOf(record) ? handedOver : undefined;
  }
}

function digestOf({ value }: IncomingRecord): string {
  return hash('sha256', value ?? '', 'base64');
}

async function wasAcknowledged({ outcome }: RunningHandler): Promise<boolean> {
  try {
    const result = await outcome;
    return isOutcome(result) && result.kind === 'ack';
  } catch {
    return false;
  }
}

import { MeshError } from '@action-mesh/kernel';
import { backoffMs, sleep } from '../backoff.js';
import { MessagingClosedError } from '../messaging.errors.js';
import type { RecordProducer } from '../producer.js';
import { DeadLetterHeader, type IncomingRecord, type OutgoingRecord, type WireHeaders } from '../wire.js';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
const MAX_MESSAGE_BYTES = 1_024;

/**
 * Puts records aside on the dead letter topic.
 *
 * - X1: key and value go out as they came, byte for byte, with the original headers and those of {@link DeadLetterHeader}.
 * - X2: it tries until the broker has the dead letter or `stop` is called: the record's offset waits for it.
 * - X3: a record that no broker would take with its payload is reduced to where it came from, and says so.
 */
export class DeadLetterSender {
  readonly #topic: string;
  readonly #producer: RecordProducer;
  readonly #stopping = new AbortController();

  constructor(topic: string, producer: RecordProducer) {
    this.#topic = topic;
    this.#producer = producer;
  }

  async send(record: IncomingRecord, reason: string, message: string): Promise<void> {
    let letter = this.#letter(record, reason, message);
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt += 1) {
      try {
        await this.#producer.send(letter);
        return;
      } catch (error) {
        if (error instanceof MeshError && error.code === 'MESSAGING_RECORD_TOO_LARGE') {
          letter = this.#stub(record, reason, message);
        }
        await sleep(backoffMs(attempt, FIRST_BACKOFF_MS, MAX_BACKOFF_MS), this.#stopping.signal);
      }
    }
    throw new MessagingClosedError('stopped before the dead letter was acknowledged');
  }

  /** Ends the attempts; what is unacknowledged rejects. */
  stop(): void {
    this.#stopping.abort();
  }

  #letter(record: IncomingRecord, reason: string, message: string): OutgoingRecord {
    return {
      topic: this.#topic,
      key: record.key,
      value: record.value,
      headers: { ...record.headers, ...originHeaders(record, reason, message) },
    };
  }

  #stub(record: IncomingRecord, reason: string, message: string): OutgoingRecord {
    return {
      topic: this.#topic,
      key: null,
      value: null,
      headers: {
        ...originHeaders(record, reason, message),
        [DeadLetterHeader.omitted]: 'key,value,headers',
      },
    };
  }
}

function originHeaders(
  { topic, partition, offset }: IncomingRecord,
  reason: string,
  message: string,
): WireHeaders {
  return {
    [DeadLetterHeader.originTopic]: topic,
    [DeadLetterHeader.originPartition]: partition.toString(),
    [DeadLetterHeader.originOffset]: offset.toString(),
    [DeadLetterHeader.errorCode]: reason,
    [DeadLetterHeader.errorMessage]: truncated(message),
    [DeadLetterHeader.deadLetterId]: `${topic}/${partition}/${offset.toString()}`,
  };
}

/** At most 1 KB of UTF-8; a character cut in half at the end is dropped. */
function truncated(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_MESSAGE_BYTES) return message;
  return bytes
    .subarray(0, MAX_MESSAGE_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

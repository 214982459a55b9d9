import { MeshError, systemClock, type Clock } from '@action-mesh/kernel';
import { backoffMs, sleep } from '../backoff.js';
import { MessagingClosedError } from '../messaging.errors.js';
import type { RecordProducer } from '../producer.js';
import { DeadLetterHeader, type IncomingRecord, type OutgoingRecord, type WireHeaders } from '../wire.js';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
const MAX_MESSAGE_BYTES = 1_024;
const DEFAULT_PACE: DeadLetterPace = { burst: 1_000, perSecond: 50 };

export interface DeadLetterOptions {
  /** @default 1,000 at once, then 50 a second */
  readonly pace?: DeadLetterPace;
  /**
   * Headers that hold credentials: dead letters are read by more parties than the topics that they come from.
   * @default none
   */
  readonly secretHeaders?: readonly string[];
  /**
   * Whether a fault is certainly that of the record and of who published it. Its letter is not paced: a flood of such records
   * would hold all good ones behind them.
   * @default of no record
   */
  readonly isPublishersFault?: (record: IncomingRecord, reason: string) => boolean;
}

/** How many dead letters may go out at once, and how many a second when those are used up. */
export interface DeadLetterPace {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Puts records aside on the dead letter topic.
 *
 * - M23: key and value go out as they came, byte for byte, with the original headers, less the secret ones, and
 *   those of {@link DeadLetterHeader}.
 * - M24: it tries until the broker has the dead letter or `stop` is called: the record's offset waits for it.
 * - M25: letters are paced: a broken consumer slows down and is noticed, where it would empty the whole topic onto the
 *   dead letter topic within a minute. What is certainly the fault of a publisher says nothing of the consumer, and goes at once.
 * - M26: a record that no broker would take with its payload is reduced to where it came from, and says so.
 */
export class DeadLetterSender {
  readonly #topic: string;
  readonly #producer: RecordProducer;
  readonly #pace: DeadLetterPace;
  readonly #secretHeaders: ReadonlySet<string>;
  readonly #isPublishersFault: (record: IncomingRecord, reason: string) => boolean;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  /** When the next letter would be due if there were no burst. */
  #dueAtMs = -Infinity;

  constructor(
    topic: string,
    producer: RecordProducer,
    options: DeadLetterOptions = {},
    clock: Clock = systemClock,
  ) {
    this.#topic = topic;
    this.#producer = producer;
    this.#pace = options.pace ?? DEFAULT_PACE;
    this.#secretHeaders = new Set(options.secretHeaders);
    this.#isPublishersFault = options.isPublishersFault ?? (() => false);
    this.#clock = clock;
  }

  async send(record: IncomingRecord, reason: string, message: string): Promise<void> {
    const waitMs = this.#isPublishersFault(record, reason) ? 0 : this.#waitMs();
    if (waitMs > 0) await sleep(waitMs, this.#stopping.signal);
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

  /** How long this letter has to wait for its turn. */
  #waitMs(): number {
    const nowMs = this.#clock.monotonicMs();
    const intervalMs = 1_000 / this.#pace.perSecond;
    this.#dueAtMs = Math.max(this.#dueAtMs, nowMs - this.#pace.burst * intervalMs) + intervalMs;
    return this.#dueAtMs - nowMs;
  }

  #letter(record: IncomingRecord, reason: string, message: string): OutgoingRecord {
    const kept = Object.entries(record.headers).filter(([name]) => !this.#secretHeaders.has(name));
    return {
      topic: this.#topic,
      key: record.key,
      value: record.value,
      headers: { ...Object.fromEntries(kept), ...originHeaders(record, reason, message) },
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

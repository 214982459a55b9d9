import { MeshError, systemClock, type Clock } from '@action-mesh/kernel';
import { noSpans, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';
import { backoffMs, sleep } from '../backoff.js';
import { MessagingClosedError } from '../messaging.errors.js';
import type { RecordProducer } from '../producer.js';
import { recordDeadLetter } from '../spans/sent-spans.js';
import { DeadLetterHeader, type IncomingRecord, type OutgoingRecord, type WireHeaders } from '../wire.js';

const firstBackoffMs = 100;
const maxBackoffMs = 5_000;
const maxMessageBytes = 1_024;
const defaultPace: DeadLetterPace = { burst: 1_000, perSecond: 50 };

export interface DeadLetterOptions {
  /** @default 1,000 at once, then 50 a second */
  readonly pace?: DeadLetterPace;
  /**
   * Headers that hold credentials. Dead letters have more readers than the topics of their records.
   * @default none
   */
  readonly secretHeaders?: readonly string[];
  /**
   * Whether a fault certainly lies with the record's publisher. Its letter is not paced: a flood of such records
   * would hold up all good ones behind them.
   * @default false for every record
   */
  readonly isPublishersFault?: (record: IncomingRecord, reason: string) => boolean;
}

/** The number of dead letters that may go out at once, and the rate per second after that. */
export interface DeadLetterPace {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Sends records to the dead letter topic.
 *
 * - M23: key and value go out unchanged, byte for byte. The original headers go out too, except the secret ones, with
 *   those of {@link DeadLetterHeader}.
 * - M24: it retries until the broker has the dead letter or `stop` is called. The record's offset waits for it.
 * - M25: letters are paced. A broken consumer becomes slow and is noticed; unpaced, it would empty the whole topic
 *   onto the dead letter topic within a minute. A certain fault of a publisher says nothing about the consumer, and
 *   its letter goes at once.
 * - M26: a record that no broker would take with its payload is reduced to its origin, and its letter says so.
 */
export class DeadLetterSender {
  readonly #topic: string;
  readonly #producer: RecordProducer;
  readonly #pace: DeadLetterPace;
  readonly #secretHeaders: ReadonlySet<string>;
  readonly #isPublishersFault: (record: IncomingRecord, reason: string) => boolean;
  readonly #clock: Clock;
  readonly #spans: Spans;
  readonly #stopping = new AbortController();
  /** The due time of the next letter if there were no burst. */
  #dueAtMs = -Infinity;

  constructor(
    topic: string,
    producer: RecordProducer,
    options: DeadLetterOptions = {},
    clock: Clock = systemClock,
    spans: Spans = noSpans,
  ) {
    this.#spans = spans;
    this.#topic = topic;
    this.#producer = producer;
    this.#pace = options.pace ?? defaultPace;
    this.#secretHeaders = new Set(options.secretHeaders);
    this.#isPublishersFault = options.isPublishersFault ?? (() => false);
    this.#clock = clock;
  }

  async send(record: IncomingRecord, reason: string, message: string): Promise<void> {
    const waitMs = this.#isPublishersFault(record, reason) ? 0 : this.#waitMs();
    if (waitMs > 0) await sleep(waitMs, this.#stopping.signal);
    let letter = this.#letter(record, reason, message);
    const startMs = this.#spans.isOn ? spanTimeMs() : 0;
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt += 1) {
      try {
        await this.#producer.send(letter);
        if (this.#spans.isOn) recordDeadLetter(this.#spans, { record, topic: this.#topic, reason, startMs });
        return;
      } catch (error) {
        if (error instanceof MeshError && error.code === 'MESSAGING_RECORD_TOO_LARGE') {
          letter = this.#stub(record, reason, message);
        }
        await sleep(backoffMs(attempt, firstBackoffMs, maxBackoffMs), this.#stopping.signal);
      }
    }
    throw new MessagingClosedError('stopped before the dead letter was acknowledged');
  }

  /** Ends the attempts. Letters without an acknowledgement reject. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Milliseconds until it is this letter's turn. */
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

/** At most 1 KB of UTF-8, without a character that is cut in half. */
function truncated(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= maxMessageBytes) return message;
  return bytes
    .subarray(0, maxMessageBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

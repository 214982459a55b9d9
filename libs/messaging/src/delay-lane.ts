import {
  systemClock,
  type Clock,
  type EventData,
  type EventDefinition,
  type TraceContext,
} from '@action-mesh/kernel';
import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import type { KafkaClientOptions } from './client-options.js';
import { decodeEvent, type EventSchema } from './codec.js';
import { DeadLetterSender, type DeadLetterOptions } from './consumer/dead-letter-sender.js';
import { DueDispatcher } from './consumer/due-dispatcher.js';
import { Lane, NOT_LIVE_AFTER_MS, type LaneStatus } from './consumer/lane.js';
import type { RecordProducer } from './producer.js';

/** An event whose delay has passed. */
export interface DueEvent<Data> {
  readonly data: Data;
  readonly trace?: TraceContext;
  /** When it fell due, by the broker's clock; milliseconds since the Unix epoch. */
  readonly dueAtMs: number;
}

export interface DelayLaneOptions<Schema extends EventSchema> {
  readonly client: KafkaClientOptions;
  /** The event, on a topic that only this delay uses and whose records are stamped by the broker (`LogAppendTime`). */
  readonly definition: EventDefinition<Schema>;
  /** From the broker's stamp until an event is handed over. */
  readonly delayMs: number;
  /** The lane consumes in a group of its own, `<groupId>.<topic>`. */
  readonly groupId: string;
  /** For records that cannot be decoded. The producer may be shared, and is closed by its owner after the lane. */
  readonly deadLetters: DeadLetterOptions & { readonly topic: string; readonly producer: RecordProducer };
  /**
   * Takes the events that are due, in the order of their partitions. They are not committed before it has resolved. When
   * it rejects, the same events come again with backoff. It may see an event twice: when it has rejected or was cut off,
   * and when the partition moved meanwhile.
   */
  readonly handle: (
    events: readonly DueEvent<EventData<EventDefinition<Schema>>>[],
    signal: AbortSignal,
  ) => Promise<void>;
  /** Told for each event how many milliseconds after its time it was handed over, by our clock. */
  readonly onLateness?: (lateMs: number) => void;
  /** Told of what the handler rejects with, and how often it had rejected the same events before. */
  readonly onHandlerError?: (error: unknown, attempt: number) => void;
  readonly onStatus?: (status: LaneStatus) => void;
  /** Events that are handed over at once, at most. @default 500 */
  readonly maxBatchRecords?: number;
  /** Records that are held in memory ahead of their time; what is beyond waits in Kafka. @default 4000 */
  readonly maxHeldRecords?: number;
  /** Bytes of the same. @default 8 MiB */
  readonly maxHeldBytes?: number;
  /** Milliseconds until a handler that does not return counts as one that rejected. @default 60000 */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds that `close` waits for the handler. @default 10000 */
  readonly drainTimeoutMs?: number;
  /** Whose `now` is compared with the broker's stamps, where they leave room for doubt. @default the system's */
  readonly clock?: Clock;
}

/** A record is at least a second early, so that there is time to fetch it; six lanes that ask more often cost an idle process. */
const MAX_WAIT_MS = 250;
const DEFAULT_MAX_HELD_BYTES = 8 * 1024 * 1024;

/**
 * A topic whose events are handed over a constant time after the broker appended them: a rung of a retry ladder. It holds
 * records ahead of their time and hands them over by a timer, so that the time is met to a few milliseconds; only what
 * does not fit waits in Kafka, behind a paused partition that is fetched again long before its first record is due.
 */
export class DelayLane<Schema extends EventSchema> {
  readonly #lane: Lane;
  readonly #deadLetters: DeadLetterSender;
  readonly #drainTimeoutMs: number;
  #closed: Promise<void> | undefined;

  constructor(options: DelayLaneOptions<Schema>, client: KafkaClient = kafkaClient(options.client)) {
    const { definition, deadLetters, clock = systemClock, onStatus } = options;
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 10_000;
    this.#deadLetters = new DeadLetterSender(deadLetters.topic, deadLetters.producer, deadLetters);
    this.#lane = new Lane(client, {
      topic: definition.topic,
      groupId: `${options.groupId}.${definition.topic}`,
      fromBeginning: true,
      ordered: false,
      maxWaitMs: MAX_WAIT_MS,
      maxHeldRecords: options.maxHeldRecords ?? 4_000,
      maxHeldBytes: options.maxHeldBytes ?? DEFAULT_MAX_HELD_BYTES,
      ...(onStatus === undefined ? {} : { onStatus }),
      clock,
      dispatcher: (onReleased) =>
        new DueDispatcher({
          delayMs: options.delayMs,
          maxBatchRecords: options.maxBatchRecords ?? 500,
          handlerTimeoutMs: options.handlerTimeoutMs ?? 60_000,
          decode: (record, dueAtMs) => {
            const { data, trace } = decodeEvent(definition, record);
            return trace === undefined ? { data, dueAtMs } : { data, dueAtMs, trace };
          },
          handle: options.handle,
          onLateness: options.onLateness ?? (() => undefined),
          onHandlerError: options.onHandlerError ?? (() => undefined),
          deadLetters: (record, reason, message) => this.#deadLetters.send(record, reason, message),
          onReleased,
          clock,
        }),
    });
  }

  /** How the lane is doing; its lag is what waits. */
  get status(): LaneStatus {
    return this.#lane.status;
  }

  /** False when it has been out of its group for so long that a new process is the better cure. */
  get live(): boolean {
    return this.status.outForMs < NOT_LIVE_AFTER_MS;
  }

  /** Starts to consume; a broker that is down is waited for. */
  start(): void {
    this.#lane.start();
  }

  /** Resolves when the group was joined. */
  joined(): Promise<void> {
    return this.#lane.joined();
  }

  /** Hands nothing more over, waits for the handler, commits and leaves the group. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const timer = setTimeout(() => this.#deadLetters.stop(), this.#drainTimeoutMs);
    await this.#lane.drain(this.#drainTimeoutMs);
    clearTimeout(timer);
    this.#deadLetters.stop();
  }
}

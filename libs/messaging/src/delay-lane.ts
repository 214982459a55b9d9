import {
  defined,
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
import { Lane, notLiveAfterMs, type LaneStatus } from './consumer/lane.js';
import type { RecordProducer } from './producer.js';

/** An event at the end of its delay. */
export interface DueEvent<Data> {
  readonly data: Data;
  readonly trace?: TraceContext;
  /** The due time by the broker's clock, in milliseconds since the Unix epoch. */
  readonly dueAtMs: number;
}

export interface DelayLaneOptions<Schema extends EventSchema> {
  readonly client: KafkaClientOptions;
  /** The event. Only this delay uses its topic, and the broker stamps the records (`LogAppendTime`). */
  readonly definition: EventDefinition<Schema>;
  /** Milliseconds from the broker's stamp until an event is handed over. */
  readonly delayMs: number;
  /** The lane consumes in its own group, `<groupId>.<topic>`. */
  readonly groupId: string;
  /** For undecodable records. The producer may be shared. Its owner closes it after the lane. */
  readonly deadLetters: DeadLetterOptions & { readonly topic: string; readonly producer: RecordProducer };
  /**
   * Takes the due events in the order of their partitions. Their offsets are committed after it resolves. When it
   * rejects, the same events come again with backoff. It may see an event twice: after a rejection or a cut-off, and
   * when the partition moves meanwhile.
   */
  readonly handle: (
    events: readonly DueEvent<EventData<EventDefinition<Schema>>>[],
    signal: AbortSignal,
  ) => Promise<void>;
  /** Called for each event with the milliseconds between its due time and its handover, by our clock. */
  readonly onLateness?: (lateMs: number) => void;
  /** Called with each error of the handler and the number of earlier rejections of the same events. */
  readonly onHandlerError?: (error: unknown, attempt: number) => void;
  readonly onStatus?: (status: LaneStatus) => void;
  /** Most events in one handover. @default 500 */
  readonly maxBatchRecords?: number;
  /** Most records held in memory ahead of their time. All others wait in Kafka. @default 4000 */
  readonly maxHeldRecords?: number;
  /** Most bytes held in memory ahead of their time. @default 8 MiB */
  readonly maxHeldBytes?: number;
  /** Milliseconds until a handler that does not return counts as rejected. @default 60000 */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds that `close` waits for the handler. @default 10000 */
  readonly drainTimeoutMs?: number;
  /** The lane compares its `now` with the broker's stamps when they leave room for doubt. @default the system's */
  readonly clock?: Clock;
}

const defaultMaxHeldBytes = 8 * 1024 * 1024;

/**
 * A topic with events that are handed over a constant time after the broker appended them: a rung of a retry ladder.
 * It holds records ahead of their time and hands them over by a timer, so it meets the time to a few milliseconds.
 * Records beyond its bounds wait in Kafka behind a paused partition. The lane fetches them long before the first is
 * due.
 */
export class DelayLane<Schema extends EventSchema> {
  readonly #lane: Lane;
  readonly #deadLetters: DeadLetterSender;
  readonly #drainTimeoutMs: number;
  #closed: Promise<void> | undefined;

  constructor(options: DelayLaneOptions<Schema>, client: KafkaClient = kafkaClient(options.client)) {
    const { definition, deadLetters, clock = systemClock, onStatus } = options;
    this.#drainTimeoutMs = options.drainTimeoutMs ?? 10_000;
    this.#deadLetters = new DeadLetterSender(
      deadLetters.topic,
      deadLetters.producer,
      deadLetters,
      systemClock,
      options.client.spans,
    );
    this.#lane = new Lane(client, {
      topic: definition.topic,
      groupId: `${options.groupId}.${definition.topic}`,
      fromBeginning: true,
      ordered: false,
      maxHeldRecords: options.maxHeldRecords ?? 4_000,
      maxHeldBytes: options.maxHeldBytes ?? defaultMaxHeldBytes,
      ...defined({ onStatus }),
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

  /** The state of the lane. Its lag counts the waiting records. */
  get status(): LaneStatus {
    return this.#lane.status;
  }

  /** False when the lane has been out of its group for so long that only a new process can help. */
  get live(): boolean {
    return this.status.outForMs < notLiveAfterMs;
  }

  /** Starts to consume. Waits for a broker that is down. */
  start(): void {
    this.#lane.start();
  }

  /** Resolves when the lane has joined the group. */
  joined(): Promise<void> {
    return this.#lane.joined();
  }

  /** Hands no more events over, waits for the handler, commits and leaves the group. */
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

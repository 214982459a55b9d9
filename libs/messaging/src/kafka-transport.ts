import { randomUUID } from 'node:crypto';
import { defined, systemClock } from '@action-mesh/kernel';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { KafkaClient } from './adapter/kafka-client.port.js';
import { kafkaClient } from './adapter/client.js';
import { sleep } from './backoff.js';
import type { KafkaClientOptions } from './client-options.js';
import { DeadLetterSender, type DeadLetterOptions } from './consumer/dead-letter-sender.js';
import { Dispatcher, type RecordHandler } from './consumer/dispatcher.js';
import { Lane, notLiveAfterMs, type LaneStatus } from './consumer/lane.js';
import { kafkaTransport } from './event-handler.js';
import { routesOf, type TopicRoute } from './event-router.js';
import { HandedOverRecords } from './handover/handed-over-records.js';
import type { RecordProducer } from './producer.js';
import { HandledSpans } from './spans/handled-spans.js';
import type { IncomingRecord } from './wire.js';

/** The bounds of a lane on held records and retries. */
export interface LaneLimits {
  /** Records of one topic that may be held in memory. @default 5000 */
  readonly maxHeldRecords?: number;
  /** Bytes of one topic that may be held in memory. @default 32 MiB */
  readonly maxHeldBytes?: number;
  /**
   * Milliseconds from the first `retry` of a record until it is dead-lettered instead of retried. Long enough to
   * outlast a database outage: the records wait, bounded by the limits above.
   * @default 1800000
   */
  readonly maxRetryTimeMs?: number;
}

export interface KafkaTransportOptions {
  readonly client: KafkaClientOptions;
  /** Each topic has its own group, `<groupId>.<topic>`, so a new topic disturbs no other. */
  readonly groupId: string;
  /**
   * The producer belongs to the server alone and allows {@link DEAD_LETTER_MAX_RECORD_BYTES}. Its owner closes it.
   */
  readonly deadLetters: DeadLetterOptions & { readonly topic: string; readonly producer: RecordProducer };
  /**
   * Called for each dead-lettered record, after the broker has the letter and before the offset may be committed. It
   * may be called again for the same record. Must not reject.
   */
  readonly onDeadLetter?: (record: IncomingRecord, reason: string, message: string) => Promise<void>;
  /** Whether a group without committed offsets begins at the first record. @default true */
  readonly fromBeginning?: boolean;
  /** Adds a random suffix to the group, so every process reads every record. @default false */
  readonly ephemeralGroup?: boolean;
  readonly limits?: LaneLimits;
  /** Milliseconds until a handler that does not return is given up and its record is dead-lettered. @default 60000 */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds that `close` waits for running handlers. @default 10000 */
  readonly drainTimeoutMs?: number;
  /** Milliseconds that `listen` waits for the groups to be joined before it goes on. @default 15000 */
  readonly joinTimeoutMs?: number;
  readonly onStatus?: (status: LaneStatus) => void;
}

export interface KafkaServerState {
  /** False when a lane has been out of its group for so long that only a new process can help. */
  readonly live: boolean;
  /** Whether every lane is a member of its group. */
  readonly ready: boolean;
  readonly lag: number;
  readonly lanes: readonly LaneStatus[];
}

/**
 * The Nest transport: `app.connectMicroservice({ strategy: new KafkaTransport(…) })`. `@EventHandler` declares
 * handlers, and each of their topics becomes a {@link Lane}.
 */
export class KafkaTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = kafkaTransport;
  /** Failures of handlers come to us instead of Nest's log: the dispatcher makes dead letters of them. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: KafkaTransportOptions;
  readonly #client: KafkaClient;
  readonly #deadLetters: DeadLetterSender;
  readonly #handedOver: HandedOverRecords[] = [];
  #lanes: readonly Lane[] = [];
  #closed: Promise<void> | undefined;

  constructor(options: KafkaTransportOptions, client: KafkaClient = kafkaClient(options.client)) {
    super();
    this.#options = options;
    this.#client = client;
    this.#deadLetters = new DeadLetterSender(
      options.deadLetters.topic,
      options.deadLetters.producer,
      options.deadLetters,
      systemClock,
      options.client.spans,
    );
  }

  get state(): KafkaServerState {
    const lanes = this.#lanes.map(({ status }) => status);
    return {
      live: lanes.every(({ outForMs }) => outForMs < notLiveAfterMs),
      ready: lanes.length > 0 && lanes.every(({ condition }) => condition === 'joined'),
      lag: lanes.reduce((sum, { lag }) => sum + lag, 0),
      lanes,
    };
  }

  /**
   * Calls back when every group is joined or the join timeout has passed. The start goes on when a broker is down.
   */
  listen(callback: (error?: unknown) => void): void {
    try {
      const suffix = this.#options.ephemeralGroup === true ? `.${randomUUID()}` : '';
      this.#lanes = routesOf(this.messageHandlers, handledSpans(this.#options)).map((route) =>
        this.#lane(route, suffix),
      );
    } catch (error) {
      callback(error);
      return;
    }
    for (const lane of this.#lanes) lane.start();
    void this.#joined().then(() => callback());
  }

  /** Stops intake, drains, commits and leaves the groups. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  /** Not supported: lanes report through `onStatus` and `state`. */
  on(): never {
    throw new Error('the Kafka server has no events of its own; use onStatus');
  }

  unwrap(): never {
    throw new Error('the Kafka client is not handed out');
  }

  async #close(): Promise<void> {
    const { drainTimeoutMs = 10_000 } = this.#options;
    const drained = Promise.all([
      ...this.#handedOver.map((records) => records.stop(drainTimeoutMs)),
      ...this.#lanes.map((lane) => lane.drain(drainTimeoutMs)),
    ]);
    const timer = setTimeout(() => this.#deadLetters.stop(), drainTimeoutMs);
    await drained;
    clearTimeout(timer);
    this.#deadLetters.stop();
  }

  async #joined(): Promise<void> {
    const done = new AbortController();
    const all = Promise.all(this.#lanes.map((lane) => lane.joined()));
    await Promise.race([all, sleep(this.#options.joinTimeoutMs ?? 15_000, done.signal)]);
    done.abort();
  }

  #lane(route: TopicRoute, groupSuffix: string): Lane {
    const { topic, options } = route;
    const { groupId, fromBeginning = true, limits = {}, handlerTimeoutMs = 60_000, onStatus } = this.#options;
    const { concurrency = 256 } = options;
    const handle = this.#handlerOf(route, concurrency);
    return new Lane(this.#client, {
      topic,
      groupId: `${groupId}.${topic}${groupSuffix}`,
      fromBeginning,
      ordered: options.ordered ?? true,
      maxHeldRecords: limits.maxHeldRecords ?? 5_000,
      maxHeldBytes: limits.maxHeldBytes ?? 32 * 1024 * 1024,
      dispatcher: (onReleased) =>
        new Dispatcher({
          concurrency,
          maxRetryTimeMs: limits.maxRetryTimeMs ?? 30 * 60_000,
          handlerTimeoutMs,
          handle,
          deadLetters: async (record, reason, message) => {
            await this.#deadLetters.send(record, reason, message);
            await this.#options.onDeadLetter?.(record, reason, message);
          },
          onReleased,
          clock: systemClock,
        }),
      ...defined({ onStatus }),
    });
  }

  /** The handler of a topic for records from Kafka. It takes handed-over records from now on, if the topic allows it. */
  #handlerOf({ topic, options, handle }: TopicRoute, concurrency: number): RecordHandler {
    const { handover } = this.#options.client;
    if (handover === undefined || options.takesHandover !== true) return handle;
    const handedOver = new HandedOverRecords(handle, concurrency);
    this.#handedOver.push(handedOver);
    handover.receive(topic, (record) => handedOver.receive(record));
    return handedOver.handle;
  }
}

/** Undefined without telemetry, so a record then costs nothing more. */
function handledSpans({ client: { spans }, groupId }: KafkaTransportOptions): HandledSpans | undefined {
  return spans?.isOn === true ? new HandledSpans(spans, groupId) : undefined;
}

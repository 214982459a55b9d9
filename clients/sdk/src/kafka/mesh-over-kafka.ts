import { newCallId } from '../call-id.js';
import { callMembers, withoutUndefined, type CallOptions } from '../call-options.js';
import { parseExactJson } from '../http/exact-json.js';
import { MeshConfigurationError, RequestTimeoutError } from '../mesh.errors.js';
import { isSettled, type MeshOutcome } from '../outcome.js';
import type { ToolInput, ToolOutput, ToolSlug } from '../tool-types.js';
import type { FiredEvent } from './fired-event.js';
import type { BorrowedKafka, BorrowedConsumer, BorrowedProducer } from './borrowed-kafka.js';
import { NewestOutcomes } from './newest-outcomes.js';
import { startReader } from './topic-reader.js';

/** Options of a client over Kafka. */
export interface MeshOverKafkaOptions {
  /** A `Kafka` of kafkajs with the brokers of the mesh. */
  readonly kafka: BorrowedKafka;
  /** The token that `mesh.keys.create({ use: 'publisher', … })` shows. Readers of topics need none. */
  readonly publisherToken?: string | undefined;
  /** `KAFKA_TOPIC_PREFIX` of the mesh, if it has one. */
  readonly topicPrefix?: string | undefined;
}

/** Options of `execute` over Kafka. */
export interface KafkaExecuteOptions extends CallOptions {
  /**
   * How long to wait for the outcome, milliseconds.
   *
   * @default 60_000
   */
  readonly waitMs?: number | undefined;
  readonly traceparent?: string | undefined;
}

/** Options of a reader that shares its work with the others of its group. */
export interface FollowOptions<T> {
  /** The consumer group. A new one begins with the oldest record. */
  readonly groupId: string;
  /** Handles a record. The place moves on when it resolves; after an error the record comes again. */
  readonly onRecord: (record: T) => void | Promise<void>;
}

/** A reader that runs until it is closed. */
export interface RunningFollower {
  close(): Promise<void>;
}

/**
 * The mesh over Kafka: publishes calls to `mesh.ingress`, and reads `mesh.outcomes` and `mesh.triggers`. Each call gets its
 * id before it is published, so a record that is published twice is one call.
 */
export class MeshOverKafka implements AsyncDisposable {
  readonly #kafka: BorrowedKafka;
  readonly #token: string | undefined;
  readonly #prefix: string;
  readonly #waiting = new Map<string, (outcome: MeshOutcome) => void>();
  #producer: Promise<BorrowedProducer> | undefined;
  #outcomes: Promise<BorrowedConsumer> | undefined;

  constructor({ kafka, publisherToken, topicPrefix = '' }: MeshOverKafkaOptions) {
    this.#kafka = kafka;
    this.#token = publisherToken;
    this.#prefix = topicPrefix;
  }

  /** Publishes a call, and resolves with its id when all replicas in sync have it. */
  async publish<Slug extends ToolSlug>(
    slug: Slug,
    args: ToolInput<Slug>,
    options: KafkaExecuteOptions,
  ): Promise<string> {
    const { call_id: callId = '', ...members } = callMembers(options);
    await this.#send(callId, callValue(callId, slug, args, members, options.version), options.traceparent);
    return callId;
  }

  /**
   * Publishes a call, and waits for its outcome on `mesh.outcomes`. Throws `RequestTimeoutError` with the `callId` when
   * the wait is over: the call runs on.
   */
  async execute<Slug extends ToolSlug>(
    slug: Slug,
    args: ToolInput<Slug>,
    options: KafkaExecuteOptions,
  ): Promise<MeshOutcome<ToolOutput<Slug>>> {
    const { waitMs = 60_000 } = options;
    const { call_id: callId = '', ...members } = callMembers(options);
    await (this.#outcomes ??= this.#followOwn());
    const outcome = this.#outcomeOf(callId, waitMs);
    try {
      await this.#send(callId, callValue(callId, slug, args, members, options.version), options.traceparent);
      return (await outcome.promise) as MeshOutcome<ToolOutput<Slug>>;
    } finally {
      outcome.stop();
    }
  }

  /** Reads all outcomes of the mesh that the broker lets this client read. Older ones than seen are left out. */
  async followOutcomes({ groupId, onRecord }: FollowOptions<MeshOutcome>): Promise<RunningFollower> {
    const newest = new NewestOutcomes();
    return this.#follow('mesh.outcomes', groupId, async (outcome: MeshOutcome) => {
      if (newest.isNews(outcome)) await onRecord(outcome);
    });
  }

  /** Reads the events of triggers. Repetitions of a delivery share their `delivery_id`. */
  followTriggers({ groupId, onRecord }: FollowOptions<FiredEvent>): Promise<RunningFollower> {
    return this.#follow('mesh.triggers', groupId, onRecord);
  }

  /** Ends the connections of `publish` and `execute`. Readers have a `close` of their own. */
  async close(): Promise<void> {
    const [producer, consumer] = [this.#producer, this.#outcomes];
    this.#producer = undefined;
    this.#outcomes = undefined;
    await Promise.all([(await producer)?.disconnect(), (await consumer)?.disconnect()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #follow(
    topic: string,
    groupId: string,
    handle: (record: never) => void | Promise<void>,
  ): Promise<RunningFollower> {
    const start = { topic: `${this.#prefix}${topic}`, groupId, from: 'group' } as const;
    const consumer = await startReader(this.#kafka, start, async ({ message }) => {
      const record = readRecord(message.value);
      if (record !== undefined) await handle(record as never);
    });
    return { close: () => consumer.disconnect() };
  }

  #followOwn(): Promise<BorrowedConsumer> {
    const start = {
      topic: `${this.#prefix}mesh.outcomes`,
      groupId: `sdk-${newCallId()}`,
      from: 'end',
    } as const;
    return startReader(this.#kafka, start, ({ message }) => {
      const wake = this.#waiting.get(message.key?.toString() ?? '');
      const outcome = wake && (readRecord(message.value) as MeshOutcome | undefined);
      if (wake !== undefined && outcome !== undefined && isSettled(outcome)) wake(outcome);
      return Promise.resolve();
    });
  }

  #outcomeOf(callId: string, waitMs: number): { readonly promise: Promise<MeshOutcome>; stop(): void } {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const promise = new Promise<MeshOutcome>((resolve, reject) => {
      this.#waiting.set(callId, resolve);
      timer = setTimeout(() => reject(tooLate(callId, waitMs)), waitMs);
    });
    // A failed publication is the error of the caller. Nobody waits for this promise then.
    promise.catch(() => undefined);
    return {
      promise,
      stop: () => {
        clearTimeout(timer);
        this.#waiting.delete(callId);
      },
    };
  }

  async #send(callId: string, value: string, traceparent: string | undefined): Promise<void> {
    if (this.#token === undefined) {
      throw new MeshConfigurationError(
        'There is no publisher token.',
        "Pass `publisherToken`; `mesh.keys.create({ use: 'publisher', role: 'agent' })` makes one.",
      );
    }
    const producer = await (this.#producer ??= this.#startProducer());
    const headers = withoutUndefined({
      ce_specversion: '1.0',
      ce_type: 'mesh.call.submitted.v1',
      ce_source: '/sdk',
      ce_id: callId,
      'content-type': 'application/json',
      'mesh-publisher-token': this.#token,
      traceparent,
    });
    await producer.send({
      topic: `${this.#prefix}mesh.ingress`,
      acks: -1,
      messages: [{ key: callId, value, headers }],
    });
  }

  async #startProducer(): Promise<BorrowedProducer> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return producer;
  }
}

function callValue(
  callId: string,
  slug: string,
  args: unknown,
  members: object,
  version: string | undefined,
): string {
  return JSON.stringify({
    call_id: callId,
    ...members,
    tool: withoutUndefined({ slug, version }),
    arguments: args,
  });
}

/** Undefined for a record that is no JSON: another one is never held up by it. */
function readRecord(value: { toString(): string } | null): unknown {
  try {
    return parseExactJson(value?.toString() ?? '');
  } catch {
    return undefined;
  }
}

function tooLate(callId: string, waitMs: number): RequestTimeoutError {
  return new RequestTimeoutError('outcome_late', `The call has no outcome after ${waitMs} ms. It runs on.`, {
    callId,
    fixes: ['Look the call up by `mesh.calls.get(error.callId)`.', 'Pass a longer `waitMs`.'],
  });
}

import { newCallId } from '../call-id.js';
import { callMembers, withoutUndefined, type CallOptions } from '../call-options.js';
import { parseExactJson } from '../http/exact-json.js';
import { ConnectionFailedError, MeshConfigurationError } from '../mesh.errors.js';
import { isSettled, type MeshOutcome } from '../outcome.js';
import type { ToolInput, ToolOutput, ToolSlug } from '../tool-types.js';
import { AwaitedOutcomes } from './awaited-outcomes.js';
import type { FiredEvent } from './fired-event.js';
import type { BorrowedKafka, BorrowedConsumer, BorrowedHandler, BorrowedProducer } from './borrowed-kafka.js';
import { LazyConnection } from './lazy-connection.js';
import { NewestOutcomes } from './newest-outcomes.js';
import { onGivenUp, startReader } from './topic-reader.js';

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
  readonly #awaited = new AwaitedOutcomes();
  readonly #producer = new LazyConnection(() => this.#startProducer());
  readonly #outcomes = new LazyConnection((closed) => this.#followOwn(closed));

  constructor({ kafka, publisherToken, topicPrefix = '' }: MeshOverKafkaOptions) {
    this.#kafka = kafka;
    this.#token = publisherToken;
    this.#prefix = topicPrefix;
  }

  /**
   * Publishes a call, and resolves with its id when all replicas in sync have it. Throws `ConnectionFailedError` with the
   * `callId` when that stays open.
   */
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
   * the wait is over, and `ConnectionFailedError` with it when the client is closed before: the call runs on.
   */
  async execute<Slug extends ToolSlug>(
    slug: Slug,
    args: ToolInput<Slug>,
    options: KafkaExecuteOptions,
  ): Promise<MeshOutcome<ToolOutput<Slug>>> {
    const { waitMs = 60_000 } = options;
    const { call_id: callId = '', ...members } = callMembers(options);
    await this.#outcomes.get();
    const wait = this.#awaited.open(callId, waitMs);
    try {
      await this.#send(callId, callValue(callId, slug, args, members, options.version), options.traceparent);
      return (await wait.outcome) as MeshOutcome<ToolOutput<Slug>>;
    } finally {
      wait.stop();
    }
  }

  /** Reads all outcomes of the mesh that the broker lets this client read. Older ones than handled are left out. */
  async followOutcomes({ groupId, onRecord }: FollowOptions<MeshOutcome>): Promise<RunningFollower> {
    const newest = new NewestOutcomes();
    return this.#follow('mesh.outcomes', groupId, async (outcome: MeshOutcome) => {
      if (!newest.isNews(outcome)) return;
      await onRecord(outcome);
      newest.remember(outcome);
    });
  }

  /** Reads the events of triggers. Repetitions of a delivery share their `delivery_id`. */
  followTriggers({ groupId, onRecord }: FollowOptions<FiredEvent>): Promise<RunningFollower> {
    return this.#follow('mesh.triggers', groupId, onRecord);
  }

  /** Ends the connections of `publish` and `execute` for good. Readers have a `close` of their own. */
  async close(): Promise<void> {
    this.#awaited.close();
    await Promise.all([this.#producer.close(), this.#outcomes.close()]);
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

  async #followOwn(closed: AbortSignal): Promise<BorrowedConsumer> {
    const start = {
      topic: `${this.#prefix}mesh.outcomes`,
      groupId: `sdk-${newCallId()}`,
      from: 'end',
    } as const;
    const settle: BorrowedHandler = ({ message }) => {
      const callId = message.key?.toString() ?? '';
      const outcome = this.#awaited.isAwaited(callId)
        ? (readRecord(message.value) as MeshOutcome | undefined)
        : undefined;
      if (outcome !== undefined && isSettled(outcome)) this.#awaited.settle(callId, outcome);
      return Promise.resolve();
    };
    const consumer = await startReader(this.#kafka, start, settle, closed);
    onGivenUp(consumer, () => this.#outcomes.forget());
    return consumer;
  }

  async #send(callId: string, value: string, traceparent: string | undefined): Promise<void> {
    if (this.#token === undefined) {
      throw new MeshConfigurationError(
        'There is no publisher token.',
        "Pass `publisherToken`; `mesh.keys.create({ use: 'publisher', role: 'agent' })` makes one.",
      );
    }
    const producer = await this.#producer.get();
    const headers = withoutUndefined({
      ce_specversion: '1.0',
      ce_type: 'mesh.call.submitted.v1',
      ce_source: '/sdk',
      ce_id: callId,
      'content-type': 'application/json',
      'mesh-publisher-token': this.#token,
      traceparent,
    });
    const topic = `${this.#prefix}mesh.ingress`;
    try {
      await producer.send({ topic, acks: -1, messages: [{ key: callId, value, headers }] });
    } catch (cause) {
      throw notConfirmed(callId, cause);
    }
  }

  async #startProducer(): Promise<BorrowedProducer> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
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

/** Undefined for a record that is no JSON. Such a record must not stop the reader. */
function readRecord(value: { toString(): string } | null): unknown {
  try {
    return parseExactJson(value?.toString() ?? '');
  } catch {
    return undefined;
  }
}

function notConfirmed(callId: string, cause: unknown): ConnectionFailedError {
  return new ConnectionFailedError(
    'publication_unconfirmed',
    'The broker did not confirm the call, so it may run or not.',
    {
      callId,
      cause,
      fixes: ['Look the call up by `mesh.calls.get(error.callId)` before you publish it again.'],
    },
  );
}

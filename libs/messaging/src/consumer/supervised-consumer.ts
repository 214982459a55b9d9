import { errorMessage, type Clock } from '@action-mesh/kernel';
import type {
  Assignment,
  ConsumerConnection,
  ConsumerEvents,
  ConsumerOptions,
  FetchedBatch,
  KafkaClient,
} from '../adapter/kafka-client.port.js';
import { backoffMs, sleep } from '../backoff.js';

export interface SupervisedEvents {
  onAssigned(assignment: Assignment): void;
  onBatch(batch: FetchedBatch): Promise<void> | undefined;
  onSkipped(partition: number, nextOffset: number): void;
  onRebalancing(): void;
}

export type Condition = 'starting' | 'joined' | 'recovering' | 'stopped';

const firstBackoffMs = 100;
const maxBackoffMs = 3_000;
const closeTimeoutMs = 2_000;
const silentSessions = 3;
/** The longest silence. Fetches are answered far more often, also those of a consumer with rare heartbeats. */
const longestSilenceMs = 18_000;

interface Life {
  readonly number: number;
  readonly connection: ConsumerConnection;
  end(error: Error): void;
}

/**
 * Keeps one consumer alive. It replaces a consumer that crashes, and one without any fetch or heartbeat answer for
 * three session timeouts, at most 18 s (K17). The replacement has its own client. The library's restart is never used (K10).
 *
 * - M27: events of a replaced consumer are not passed on.
 * - M28: it tries until it is closed. `outForMs` and `lastError` show its state.
 */
export class SupervisedConsumer {
  readonly #client: KafkaClient;
  readonly #options: ConsumerOptions;
  readonly #events: SupervisedEvents;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #closings = new Set<Promise<void>>();
  #life: Life | undefined;
  #lives = 0;
  #running: Promise<void> | undefined;
  #condition: Condition = 'starting';
  #joinedAtMs: number;
  #activeAtMs = 0;
  #lastError: string | undefined;
  #onJoined: (() => void)[] = [];

  constructor(client: KafkaClient, options: ConsumerOptions, events: SupervisedEvents, clock: Clock) {
    this.#client = client;
    this.#options = options;
    this.#events = events;
    this.#clock = clock;
    this.#joinedAtMs = clock.monotonicMs();
  }

  get condition(): Condition {
    return this.#condition;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Milliseconds since the consumer was last a member of the group. Zero while it is one. */
  get outForMs(): number {
    return this.#condition === 'joined' ? 0 : this.#clock.monotonicMs() - this.#joinedAtMs;
  }

  /** The current connection. */
  get connection(): ConsumerConnection | undefined {
    return this.#life?.connection;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the consumer has joined the group, now or later. Stays pending when it is closed first. */
  joined(): Promise<void> {
    if (this.#condition === 'joined') return Promise.resolve();
    return new Promise((resolve) => this.#onJoined.push(resolve));
  }

  /** Replaces the consumer. */
  rebuild(reason: string): void {
    this.#life?.end(new Error(reason));
  }

  async close(timeoutMs = closeTimeoutMs): Promise<void> {
    this.#closing.abort();
    const life = this.#life;
    this.#life = undefined;
    if (this.#condition === 'joined') this.#joinedAtMs = this.#clock.monotonicMs();
    this.#condition = 'stopped';
    life?.end(new Error('closed'));
    await life?.connection.close(timeoutMs);
    await this.#running;
    await Promise.all(this.#closings);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      if (await this.#live()) attempt = 0;
      await sleep(backoffMs(attempt, firstBackoffMs, maxBackoffMs), this.#closing.signal);
    }
  }

  /** Runs one consumer from start to end. Returns whether it joined the group. */
  async #live(): Promise<boolean> {
    this.#lives += 1;
    const number = this.#lives;
    let end: (error: Error) => void = () => undefined;
    const ended = new Promise<Error>((resolve) => (end = resolve));
    const history = { joined: false };
    const connection = this.#client.createConsumer(
      this.#options,
      this.#eventsOf(number, end, () => {
        history.joined = true;
      }),
    );
    this.#life = { number, connection, end };
    this.#activeAtMs = this.#clock.monotonicMs();
    const watchdog = setInterval(() => this.#checkSilence(end), this.#mostSilentMs / 12);
    connection.start().catch((error: unknown) => end(asError(error)));
    const error = await ended;
    clearInterval(watchdog);
    if (this.#isAlive(number)) {
      if (history.joined) this.#joinedAtMs = this.#clock.monotonicMs();
      this.#life = undefined;
      this.#condition = 'recovering';
      this.#lastError = error.message;
      const closed = connection.close(closeTimeoutMs).finally(() => this.#closings.delete(closed));
      this.#closings.add(closed);
    }
    return history.joined;
  }

  #eventsOf(number: number, end: (error: Error) => void, markJoined: () => void): ConsumerEvents {
    const current = (): boolean => this.#isAlive(number);
    const active = (): void => {
      if (current()) this.#activeAtMs = this.#clock.monotonicMs();
    };
    return {
      onAssigned: ({ memberId, partitions }) => {
        if (!current()) return;
        active();
        markJoined();
        this.#condition = 'joined';
        // A new consumer is a new member, even when the broker gives it an old id.
        this.#events.onAssigned({ memberId: `${number}/${memberId}`, partitions });
        for (const resolve of this.#onJoined.splice(0)) resolve();
      },
      onBatch: (batch) => {
        if (!current()) return undefined;
        active();
        return this.#events.onBatch(batch);
      },
      onSkipped: (partition, nextOffset) => {
        if (current()) this.#events.onSkipped(partition, nextOffset);
      },
      onRebalancing: () => {
        if (!current()) return;
        active();
        this.#events.onRebalancing();
      },
      onActivity: active,
      onCrash: (error) => end(asError(error)),
    };
  }

  get #mostSilentMs(): number {
    return Math.min(longestSilenceMs, silentSessions * this.#options.sessionTimeoutMs);
  }

  #isAlive(number: number): boolean {
    return this.#life?.number === number;
  }

  #checkSilence(end: (error: Error) => void): void {
    const silentMs = this.#clock.monotonicMs() - this.#activeAtMs;
    if (silentMs <= this.#mostSilentMs) return;
    end(new Error(`neither a fetch nor a heartbeat was answered for ${Math.round(silentMs)} ms`));
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(errorMessage(thrown));
}

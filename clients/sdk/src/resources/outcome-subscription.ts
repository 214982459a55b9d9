import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { EventParser, type ServerEvent } from '../http/event-parser.js';
import { parseExactJson } from '../http/exact-json.js';
import {
  ConnectionFailedError,
  MeshClientError,
  MeshFailureError,
  OutcomeGapError,
  TooManyRequestsError,
} from '../mesh.errors.js';
import type { MeshOutcome } from '../outcome.js';

/** Options of a subscription. */
export interface SubscribeOptions extends Pick<MeshRequestOptions, 'signal'> {
  /**
   * The place to continue from: `lastEventId` of an earlier subscription.
   *
   * @default now
   */
  readonly lastEventId?: string | undefined;
}

/** The longest silence of a connection, milliseconds. The gateway gives a sign of life every 15 s. */
const longestSilenceMs = 45_000;
/** The first pause before another connection, and the longest, milliseconds. */
const pauseMs = { first: 250, longest: 10_000 } as const;

/**
 * A stream of outcomes that survives its connections.
 *
 * - KC3: `lastEventId` is the place behind the outcome that the reader has; it never runs ahead of the reader.
 * - KC4: a break loses no outcome and repeats none. A gap that the mesh reports is an error, never silence.
 */
export class OutcomesSubscription implements AsyncIterable<MeshOutcome> {
  readonly #api: ApiClient;
  readonly #query: Readonly<Record<string, unknown>>;
  readonly #signal: AbortSignal | undefined;
  #lastEventId: string | undefined;

  constructor(api: ApiClient, query: Readonly<Record<string, unknown>>, options: SubscribeOptions) {
    this.#api = api;
    this.#query = query;
    this.#signal = options.signal;
    this.#lastEventId = options.lastEventId;
  }

  /** The place behind the last outcome, for another subscription. Undefined before the first connection. */
  get lastEventId(): string | undefined {
    return this.#lastEventId;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<MeshOutcome, void, undefined> {
    for (let failures = 0; ; failures++) {
      const pause = Math.min(pauseMs.longest, pauseMs.first * 2 ** failures);
      let leastMs = 0;
      try {
        for await (const event of this.#connection()) {
          failures = 0;
          const outcome = outcomeOf(event);
          this.#lastEventId = event.id ?? this.#lastEventId;
          if (outcome !== undefined) yield outcome;
        }
      } catch (error) {
        this.#signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        leastMs = error.retryAfterMs ?? 0;
      }
      await paused(Math.max(leastMs, pause * (0.5 + Math.random() / 2)), this.#signal);
    }
  }

  /** The events of one connection. It ends when the gateway ends the stream. */
  async *#connection(): AsyncGenerator<ServerEvent, void, undefined> {
    const connection = new AbortController();
    const abort = (): void => connection.abort(this.#signal?.reason);
    this.#signal?.throwIfAborted();
    this.#signal?.addEventListener('abort', abort, { once: true });
    const watch = new SilenceWatch(connection);
    try {
      const response = await this.#api.open('readOutcomes', {
        signal: connection.signal,
        query: this.#query,
        headers: { accept: 'text/event-stream', 'last-event-id': this.#lastEventId },
      });
      yield* events(response, watch);
    } finally {
      watch.stop();
      this.#signal?.removeEventListener('abort', abort);
      connection.abort();
    }
  }
}

async function* events(
  response: Response,
  watch: SilenceWatch,
): AsyncGenerator<ServerEvent, void, undefined> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (;;) {
    watch.start();
    const read = await reader?.read().catch((cause: unknown) => Promise.reject(broken(cause)));
    // The reader of outcomes may take its time: only the silence of the mesh counts.
    watch.stop();
    if (read?.value === undefined || read.done) return;
    yield* parser.push(decoder.decode(read.value, { stream: true }));
  }
}

/** Ends a connection that is silent for too long. */
class SilenceWatch {
  readonly #connection: AbortController;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: AbortController) {
    this.#connection = connection;
    this.start();
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#connection.abort(broken('silent')), longestSilenceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function outcomeOf({ event, data }: ServerEvent): MeshOutcome | undefined {
  if (event === 'outcome') return parseExactJson(data) as MeshOutcome;
  if (event === 'gap') {
    const { since } = JSON.parse(data) as { readonly since: string };
    throw new OutcomeGapError(since);
  }
  return undefined;
}

/** True for an error after which another connection can work. */
function isPassing(error: unknown): error is MeshClientError {
  return (
    error instanceof ConnectionFailedError ||
    error instanceof TooManyRequestsError ||
    error instanceof MeshFailureError ||
    (error instanceof MeshClientError && [502, 503, 504].includes(error.status ?? 0))
  );
}

function broken(cause: unknown): ConnectionFailedError {
  return new ConnectionFailedError('connection_failed', 'The stream of outcomes broke.', { cause });
}

async function paused(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

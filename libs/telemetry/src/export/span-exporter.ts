import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';

import type { ExportTarget } from '../settings/export-target.js';
import type { FinishedSpan } from '../spans/finished-span.js';
import { OtlpPost } from './otlp-post.js';
import { readableSpan } from './readable-span.js';
import type { TraceFacts } from './trace-facts.js';

export interface SpanExporterOptions {
  readonly target: ExportTarget;
  readonly resource: Resource;
  readonly facts: Pick<TraceFacts, 'of'>;
  /** Called for each batch that was given up, with the number of its spans. */
  readonly onLost: (reason: string, spans: number) => void;
  /** @default 8192 */
  readonly maxQueued?: number;
}

/** About a millisecond of serialization. */
const maxBatch = 256;
/** Milliseconds from the first span of an idle exporter to its batch. */
const gatherMs = 500;
/** Milliseconds before a batch is sent again. A receiver that is down is asked no more often. */
const pausesMs = [1_000, 5_000] as const;
/** Milliseconds of a stop for the spans in the queue. */
const drainMs = 2_000;

const serializers = { protobuf: ProtobufTraceSerializer, json: JsonTraceSerializer } as const;

/**
 * The queue of one receiver.
 *
 * - XQ1: `add` only appends. It never waits, throws or does I/O.
 * - XQ2: the queue is bounded. A span beyond it is dropped and counted.
 * - XQ3: one batch is under way at a time. A receiver that is slow, down or wrong delays only its own queue.
 * - XQ4: a batch is sent at most three times.
 */
export class SpanExporter {
  readonly #options: SpanExporterOptions;
  readonly #maxQueued: number;
  readonly #post: OtlpPost;
  readonly #stopping = new AbortController();
  #queue: FinishedSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #dropped = 0;
  #lost = 0;
  #exported = 0;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
    this.#maxQueued = options.maxQueued ?? 8_192;
    this.#post = new OtlpPost(options.target);
  }

  /** Counts since the start: taken by the receiver, dropped because the queue was full, given up after attempts. */
  get counts(): {
    readonly exported: number;
    readonly dropped: number;
    readonly lost: number;
    readonly queued: number;
  } {
    return { exported: this.#exported, dropped: this.#dropped, lost: this.#lost, queued: this.#queue.length };
  }

  add(span: FinishedSpan): void {
    if (this.#queue.length >= this.#maxQueued) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push(span);
    if (this.#running !== undefined) return;
    if (this.#queue.length >= maxBatch) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), gatherMs).unref();
  }

  /** Sends what is queued, for at most two seconds. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#stopping.abort(), drainMs);
    this.#start();
    await Promise.race([this.#running, aborted(this.#stopping.signal)]);
    clearTimeout(timer);
    this.#stopping.abort();
    this.#dropped += this.#queue.length;
    this.#queue = [];
    await this.#post.close();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopping.signal.aborted) {
      const batch = this.#queue.splice(0, maxBatch);
      await this.#send(batch);
    }
  }

  async #send(batch: readonly FinishedSpan[]): Promise<void> {
    let reason: string;
    try {
      const body = this.#serialized(batch);
      reason = await this.#attempts(body, batch.length);
    } catch (error) {
      reason = error instanceof Error ? error.name : 'error';
    }
    if (reason === '') return;
    this.#lost += batch.length;
    this.#options.onLost(reason, batch.length);
  }

  /** The reason of a failure, or an empty text. */
  async #attempts(body: Uint8Array, spans: number): Promise<string> {
    for (let attempt = 0; ; attempt += 1) {
      const result = await this.#post.send(body);
      if (result.kind === 'taken') {
        this.#exported += spans;
        return '';
      }
      const pauseMs = pausesMs[attempt];
      const { signal } = this.#stopping;
      if (result.kind === 'refused' || pauseMs === undefined || signal.aborted) return result.reason;
      await pause(pauseMs, signal);
    }
  }

  #serialized(batch: readonly FinishedSpan[]): Uint8Array {
    const { target, resource, facts } = this.#options;
    const spans = batch.map((span) => readableSpan(span, facts.of(span), resource, target.decorate));
    const body = serializers[target.protocol].serializeRequest(spans);
    if (body === undefined) throw new TypeError('the batch could not be serialized');
    return body;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms).unref();
    signal.addEventListener('abort', end, { once: true });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

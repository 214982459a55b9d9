import { BaseRpcContext } from '@nestjs/microservices';
import { childSpan, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from './wire.js';

/** The context of a record, which a handler gets through Nest's `@Ctx()`. */
export class RecordContext extends BaseRpcContext<[IncomingRecord]> {
  readonly record: IncomingRecord;
  /** The number of earlier runs of the handler on this record, in this process. */
  readonly attempt: number;
  /** The tenant of the event, for its span. A handler that learns it from elsewhere sets it. */
  tenantId: string | undefined;
  /** Runtime only: the error of the handler. Nest replaces it by a plain object on the way out. */
  thrown?: { readonly error: unknown };
  #trace: TraceContext | undefined;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;

  readonly #root: () => TraceContext;

  /** `root`: makes the first span of the trace of a record without one. */
  constructor(record: IncomingRecord, attempt = 0, root: () => TraceContext = childSpan) {
    super([record]);
    this.#root = root;
    this.record = record;
    this.attempt = attempt;
  }

  /** CloudEvents `id`. */
  get eventId(): string {
    return this.record.headers[CloudEventHeader.id] ?? '';
  }

  /** The handler's own span: a child of the record's span, or the root of a new trace. Created on first use. */
  get trace(): TraceContext {
    if (this.#trace === undefined) {
      const { parent } = this;
      this.#trace = parent === undefined ? this.#root() : childSpan(parent);
    }
    return this.#trace;
  }

  /** The span that sent the record. Undefined: the record names none. */
  get parent(): TraceContext | undefined {
    const { headers } = this.record;
    return parseTraceparent(headers[CloudEventHeader.traceparent], headers[CloudEventHeader.tracestate]);
  }

  /** Fires when the handler's time is up or the drain deadline has passed. The outcome will not be used then. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** Runtime only: aborts the signal, because the outcome will not be used. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }
}

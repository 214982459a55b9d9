import { BaseRpcContext } from '@nestjs/microservices';
import { childSpan, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from './wire.js';

/** What a handler gets beside the data, through Nest's `@Ctx()`. */
export class RecordContext extends BaseRpcContext<[IncomingRecord]> {
  readonly record: IncomingRecord;
  /** How often the handler ran on this record before, in this process. */
  readonly attempt: number;
  /** Runtime only: what the handler threw, kept because Nest replaces it by a plain object on its way out. */
  thrown?: { readonly error: unknown };
  #trace: TraceContext | undefined;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;

  constructor(record: IncomingRecord, attempt = 0) {
    super([record]);
    this.record = record;
    this.attempt = attempt;
  }

  /** CloudEvents `id`. */
  get eventId(): string {
    return this.record.headers[CloudEventHeader.id] ?? '';
  }

  /** The handler's own span: a child of the record's, or the root of a new trace. Made on first use. */
  get trace(): TraceContext {
    const { headers } = this.record;
    return (this.#trace ??= childSpan(
      parseTraceparent(headers[CloudEventHeader.traceparent], headers[CloudEventHeader.tracestate]),
    ));
  }

  /** Fires when the handler's time is up or the drain deadline has passed: the outcome will not be used. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** Runtime only: the outcome will not be used any more. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }
}

import { errorMessage } from '@action-mesh/kernel';
import type { Dispatcher } from 'undici';
import { notSent } from './attempt.js';
import type { Attempt, IndeterminateReason, NotSentCode, ResponseHeaders } from './attempt.js';
import { ConnectFailure } from './egress.errors.js';

export interface ExchangeOptions {
  readonly deadlineMs: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly beforeSend: (() => boolean | undefined | void) | undefined; // eslint-disable-line @typescript-eslint/no-invalid-void-type
}

type Ending = 'deadline' | 'abort';

/**
 * One request on its way through undici. Its phases are `waiting` (for a connection), `sent`, and `answered` (head
 * received).
 *
 * X1 `sent` begins when undici hands the bytes to the socket, in the same tick as `onRequestStart` and right after it.
 * A request that ends in `waiting` was provably not sent.
 * X2 An exchange that has ended in `waiting` refuses `onRequestStart`: a request reported as not sent stays unsent.
 * X3 After `answered`, the outcome is that response, even if the body fails.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  #phase: 'waiting' | 'sent' | 'answered' | 'ended' = 'waiting';
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: ResponseHeaders = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#stop('abort');

  readonly #options: ExchangeOptions;
  readonly #resolve: (attempt: Attempt) => void;

  constructor(options: ExchangeOptions, resolve: (attempt: Attempt) => void) {
    this.#options = options;
    this.#resolve = resolve;

    this.#timer = setTimeout(() => this.#stop('deadline'), options.deadlineMs);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The error takes the request off the connection and leaves the connection open for others.
    if (this.#phase !== 'waiting') throw new Error('the exchange is over');
    let refusal: string | undefined;
    try {
      if (this.#options.beforeSend?.() === false) refusal = 'beforeSend returned false';
    } catch (thrown) {
      refusal = `beforeSend threw: ${errorMessage(thrown)}`;
    }
    if (refusal !== undefined) {
      this.#endUnsent('EGRESS_ABORTED', 'the request was withdrawn before it was sent', refusal);
      throw new Error('the exchange is over');
    }
    this.#controller = controller;
    this.#phase = 'sent';
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    if (this.#phase !== 'sent') return;
    if (status === 101) {
      // The mesh asked for no other protocol, so the bytes that follow are not an answer.
      this.#endIndeterminate('protocol', 'an unexpected 101 Switching Protocols');
      this.#hangUp();
      return;
    }
    if (status < 200) return;
    this.#phase = 'answered';
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase !== 'answered') return;
    const room = this.#options.maxResponseBytes - this.#bytes;
    if (chunk.length <= room) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      return;
    }
    // A copy: a view of a short part would keep its whole large buffer in memory.
    this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#endAnswered({ bodyComplete: false, truncated: true });
    this.#hangUp();
  }

  onResponseEnd(): void {
    this.#endAnswered({ bodyComplete: true, truncated: false });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    switch (this.#phase) {
      case 'ended':
        return;
      case 'answered':
        this.#endAnswered({ bodyComplete: false, truncated: false });
        return;
      case 'sent': {
        const { reason, detail } = explain(error);
        this.#endIndeterminate(reason, detail);
        return;
      }
      case 'waiting':
        if (error instanceof ConnectFailure) this.#end(error.attempt);
        else this.#endStale(error);
    }
  }

  #stop(ending: Ending): void {
    const isAbort = ending === 'abort';
    if (this.#phase === 'waiting') {
      if (isAbort)
        this.#endUnsent('EGRESS_ABORTED', 'the request was withdrawn before it was sent', 'signal');
      else
        this.#end(
          notSent(
            'connect_timeout',
            'EGRESS_DEADLINE',
            'the deadline passed before a connection was free',
            'deadline',
          ),
        );
      return;
    }
    if (this.#phase === 'answered') this.#endAnswered({ bodyComplete: false, truncated: false });
    else this.#endIndeterminate(isAbort ? 'aborted' : 'timeout', isAbort ? 'signal' : 'deadline');
    this.#hangUp();
  }

  #endUnsent(code: NotSentCode, message: string, detail: string): void {
    this.#end(notSent('aborted', code, message, detail));
  }

  #endStale(error: Error): void {
    const { code, detail } = explain(error);
    if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') {
      this.#endUnsent('EGRESS_CLOSED', 'the request was withdrawn before it was sent', detail);
      return;
    }
    this.#end(
      notSent(
        'stale_connection',
        'EGRESS_STALE_CONNECTION',
        'a kept connection broke before the request was sent',
        detail,
      ),
    );
  }

  #endIndeterminate(reason: IndeterminateReason, detail: string): void {
    const message = 'the request was sent and no answer came';
    this.#end({ kind: 'indeterminate', reason, message, detail, durationMs: this.#elapsedMs() });
  }

  #endAnswered(body: { readonly bodyComplete: boolean; readonly truncated: boolean }): void {
    if (this.#phase !== 'answered') return;
    const [only] = this.#chunks;
    this.#end({
      kind: 'response',
      status: this.#status,
      headers: this.#headers,
      body: this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks),
      ...body,
      durationMs: this.#elapsedMs(),
    });
  }

  #end(attempt: Attempt): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(attempt);
  }

  /** Closes the connection. Its remaining bytes have no use. */
  #hangUp(): void {
    this.#controller?.abort(new Error('the exchange is over'));
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}

function explain(error: Error): { reason: IndeterminateReason; code: string; detail: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const detail = code === '' ? error.message : `${code}: ${error.message}`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return { reason: 'reset', code, detail };
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return { reason: 'timeout', code, detail };
  if (error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW')
    return { reason: 'protocol', code, detail };
  return { reason: 'closed', code, detail };
}

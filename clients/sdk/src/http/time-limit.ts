import { RequestTimeoutError } from '../mesh.errors.js';

/**
 * The end of a request: its time limit, or the caller's signal. Exactly one of both decides, and `dispose` frees the
 * timer and the listener.
 */
export class TimeLimit implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #endsAtMs: number;
  readonly #onAbort = (): void => this.#controller.abort(this.#signal?.reason);

  /** `timeoutMs` undefined: only the signal ends the request. */
  constructor(timeoutMs: number | undefined, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#endsAtMs = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.#controller.abort(timeoutError(timeoutMs)), timeoutMs);
    }
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborted with the error that the caller gets. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time that is left, milliseconds. */
  get leftMs(): number {
    return this.#endsAtMs - performance.now();
  }

  /** Throws the reason of the end, if it has come. */
  check(): void {
    this.signal.throwIfAborted();
  }

  /** Resolves after the pause, or rejects at the end of the request. */
  async pause(ms: number): Promise<void> {
    this.check();
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        // The reason is the caller's own, or a RequestTimeoutError.
        reject(this.signal.reason as Error);
      };
      const timer = setTimeout(() => {
        this.signal.removeEventListener('abort', end);
        resolve();
      }, ms);
      this.signal.addEventListener('abort', end, { once: true });
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function timeoutError(timeoutMs: number): RequestTimeoutError {
  return new RequestTimeoutError('request_timeout', `The mesh did not answer within ${timeoutMs} ms.`, {
    fixes: [
      'Pass a longer `timeoutMs`.',
      'Look up what the request did before you send it again. A call with the same `runId` or `idempotencyKey` is the same call.',
    ],
  });
}

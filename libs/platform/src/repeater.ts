import { setTimeout as sleep } from 'node:timers/promises';

export interface RepeaterOptions<Result> {
  readonly run: () => Promise<Result>;
  /** Milliseconds from the end of one run to the start of the next. */
  readonly everyMs: number;
  /** @default `everyMs` */
  readonly firstAfterMs?: number;
  /** The pause after a successful run, milliseconds; 0 means no pause. @default `everyMs` */
  pauseMs?(result: Result): number;
  readonly onError: (error: unknown) => void;
}

/** Runs work repeatedly, one run after the other, also after a failed run. */
export class Repeater<Result = unknown> implements AsyncDisposable {
  readonly #options: RepeaterOptions<Result>;
  readonly #running: Promise<void>;
  #pause: { readonly untilMs: number; readonly cut: AbortController } | undefined;
  #isClosed = false;

  constructor(options: RepeaterOptions<Result>) {
    this.#options = options;
    this.#running = this.#repeat();
  }

  /** Starts the next run at once if its pause would last longer than this from now on. */
  wakeWithin(ms: number): void {
    if (this.#pause !== undefined && performance.now() + ms < this.#pause.untilMs) this.#pause.cut.abort();
  }

  /** Resolves after the current run. No other run starts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.cut.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #repeat(): Promise<void> {
    const { everyMs, firstAfterMs = everyMs } = this.#options;
    await this.#sleep(firstAfterMs);
    while (!this.#isClosed) await this.#sleep(await this.#run());
  }

  /** Returns the pause until the next run. */
  async #run(): Promise<number> {
    const { run, everyMs, onError } = this.#options;
    try {
      const result = await run();
      return this.#options.pauseMs?.(result) ?? everyMs;
    } catch (error) {
      onError(error);
      return everyMs;
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.#isClosed) return;
    const cut = new AbortController();
    this.#pause = { untilMs: performance.now() + ms, cut };
    await sleep(Math.ceil(ms), undefined, { signal: cut.signal }).catch(() => undefined);
    this.#pause = undefined;
  }
}

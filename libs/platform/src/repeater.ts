export interface RepeaterOptions<Result> {
  readonly run: () => Promise<Result>;
  /** Milliseconds from the end of one run to the start of the next. */
  readonly everyMs: number;
  /** Infinity means that the first run waits for `wakeWithin`. @default `everyMs` */
  readonly firstAfterMs?: number;
  /**
   * The pause after a successful run, milliseconds. 0 means no pause, and Infinity a pause until `wakeWithin`. @default
   * `everyMs`
   */
  pauseMs?(result: Result): number;
  readonly onError: (error: unknown) => void;
}

/** The longest timer of Node. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs work repeatedly, one run after the other, also after a failed run. */
export class Repeater<Result = unknown> implements AsyncDisposable {
  readonly #options: RepeaterOptions<Result>;
  readonly #running: Promise<void>;
  /** The latest time for the start of the next run, as callers asked. */
  #wakeAtMs = Infinity;
  #pause: { readonly untilMs: number; readonly cut: () => void } | undefined;
  #isClosed = false;

  constructor(options: RepeaterOptions<Result>) {
    this.#options = options;
    this.#running = this.#repeat();
  }

  /** Starts the next run within this time, also when its pause would last longer. The run under way does not count. */
  wakeWithin(ms: number): void {
    const atMs = performance.now() + ms;
    if (atMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    if (this.#pause !== undefined && atMs < this.#pause.untilMs) this.#pause.cut();
  }

  /** Resolves after the current run. No other run starts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.cut();
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
    this.#wakeAtMs = Infinity;
    try {
      const result = await run();
      return this.#options.pauseMs?.(result) ?? everyMs;
    } catch (error) {
      onError(error);
      return everyMs;
    }
  }

  async #sleep(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    while (!this.#isClosed) {
      const untilMs = Math.min(endMs, this.#wakeAtMs);
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer =
          leftMs === Infinity ? undefined : setTimeout(resolve, Math.min(Math.ceil(leftMs), longestTimerMs));
        const cut = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#pause = { untilMs, cut };
      });
      this.#pause = undefined;
    }
  }
}

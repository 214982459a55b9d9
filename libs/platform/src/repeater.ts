export interface RepeaterOptions {
  readonly run: () => Promise<unknown>;
  /** From the end of one run to the start of the next. */
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Runs a piece of work again and again, one run after the other, whether or not one fails. The first comes after a pause. */
export class Repeater implements AsyncDisposable {
  readonly #options: RepeaterOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: RepeaterOptions) {
    this.#options = options;
    this.#next();
  }

  /** Resolves when no run is under way any more and none will come. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #next(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run().finally(() => this.#next());
    }, this.#options.everyMs);
  }

  async #run(): Promise<void> {
    try {
      await this.#options.run();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

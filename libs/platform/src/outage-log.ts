export interface OutageLogOptions {
  /** An outage is over when nothing has failed for this long, milliseconds. */
  readonly quietMs: number;
  /** Told of the first failure of an outage. */
  readonly began: (error: unknown) => void;
  /** Told at the end of an outage how many failures it had. */
  readonly ended: (failures: number) => void;
}

/** Logs an outage of work that is tried again and again: its first failure and its end, and nothing in between. */
export class OutageLog implements Disposable {
  readonly #options: OutageLogOptions;
  #quiet: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: OutageLogOptions) {
    this.#options = options;
  }

  failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1) this.#options.began(error);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#end(), this.#options.quietMs).unref();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#quiet);
  }

  #end(): void {
    const failures = this.#failures;
    this.#failures = 0;
    this.#options.ended(failures);
  }
}

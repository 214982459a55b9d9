export interface OutageLogOptions {
  /** The time without a failure after which an outage is over, milliseconds. */
  readonly quietMs: number;
  /** Called at the first failure of an outage. */
  readonly began: (error: unknown) => void;
  /** Called at the end of an outage with the number of its failures. */
  readonly ended: (failures: number) => void;
}

/** Logs the outage of repeated work: its first failure and its end, and nothing in between. */
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

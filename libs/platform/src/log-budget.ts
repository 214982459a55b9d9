export interface LogBudgetOptions<Entry> {
  /** The most lines in one window. */
  readonly most: number;
  readonly everyMs: number;
  readonly line: (entry: Entry) => void;
  /** Called at the end of a window with the number of entries beyond `most`. */
  readonly rest: (count: number) => void;
}

/** Limits the log lines of one kind: the first entries of a window each get a line, and the rest are counted. */
export class LogBudget<Entry> {
  readonly #options: LogBudgetOptions<Entry>;
  #window: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(options: LogBudgetOptions<Entry>) {
    this.#options = options;
  }

  add(entry: Entry): void {
    const { most, everyMs, line } = this.#options;
    this.#window ??= setTimeout(() => this.close(), everyMs).unref();
    this.#count += 1;
    if (this.#count <= most) line(entry);
  }

  /** Ends the window. */
  close(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    const rest = this.#count - this.#options.most;
    this.#count = 0;
    if (rest > 0) this.#options.rest(rest);
  }
}

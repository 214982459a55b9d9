export interface LogBudgetOptions<Entry> {
  /** Lines in one window of time. */
  readonly most: number;
  readonly everyMs: number;
  readonly line: (entry: Entry) => void;
  /** Told at the end of a window how many lines it had no room for. */
  readonly rest: (count: number) => void;
}

/** Bounds how often one thing is logged: the first of a window each in a line, the others as a number. */
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

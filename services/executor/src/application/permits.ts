/**
 * How many calls this process runs at once. A caller that gets no permit in time is told so and can give its place in
 * the queue back.
 */
export class Permits {
  readonly #total: number;
  #free: number;
  readonly #waiting = new Set<() => void>();
  readonly #idle: (() => void)[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** How many more could run right now; negative when owned work exceeds the total. */
  get free(): number {
    return this.#free;
  }

  get inUse(): number {
    return this.#total - this.#free;
  }

  /** False when `timeoutMs` passed without one. */
  async acquire(timeoutMs: number): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    return new Promise<boolean>((resolve) => {
      const grant = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(grant);
        resolve(false);
      }, timeoutMs);
      this.#waiting.add(grant);
    });
  }

  /** Takes one without waiting, beyond the total if need be: for work that is already owned. */
  force(): void {
    this.#free -= 1;
  }

  release(): void {
    const [next] = this.#waiting;
    if (next !== undefined && this.#free >= 0) {
      this.#waiting.delete(next);
      next();
      return;
    }
    this.#free += 1;
    if (this.#free === this.#total) this.#idle.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves when none is in use. */
  async idle(): Promise<void> {
    if (this.#free === this.#total) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}

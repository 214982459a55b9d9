import type { PublishLimits } from '../application/publish-limits.js';

export interface PublicationTimerOptions {
  readonly publishLimits: PublishLimits;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Publishes again and again what is written down: what a broker did not take, or another instance wrote. */
export class PublicationTimer {
  readonly #options: PublicationTimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PublicationTimerOptions) {
    this.#options = options;
    this.#next();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #next(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run().finally(() => this.#next());
    }, this.#options.everyMs);
  }

  async #run(): Promise<void> {
    try {
      await this.#options.publishLimits.run();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

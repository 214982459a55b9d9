import { setTimeout as sleep } from 'node:timers/promises';

import type { WakeCalls } from '../application/wake-calls.js';

export interface OverflowTimerOptions {
  readonly wakeCalls: Pick<WakeCalls, 'overflow'>;
  readonly onError: (error: unknown) => void;
}

/** A turn that woke at least so many calls is followed by the next one at once. */
const manyCalls = 100;

/** The pause where fewer were woken: about as long as it takes until there is room again. */
const busyPauseMs = 20;

/** The pause where none was woken. */
const quietMs = 100;

/** Wakes calls that wait for their tenant's turn, again and again, apart from those that have a time to meet. */
export class OverflowTimer {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;

  constructor(private readonly options: OverflowTimerOptions) {
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const woken = await this.options.wakeCalls.overflow().catch((error: unknown) => {
        this.options.onError(error);
        return 0;
      });
      if (woken >= manyCalls) continue;
      await sleep(woken > 0 ? busyPauseMs : quietMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

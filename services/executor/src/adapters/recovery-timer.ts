import { setTimeout as sleep } from 'node:timers/promises';

import type { RecoverCalls } from '../application/recover-calls.js';

export interface RecoveryTimerOptions {
  readonly recoverCalls: RecoverCalls;
  readonly everyMs: number;
  readonly onRecovered: (count: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Looks for orphaned calls, again and again, and at once again while there are more. */
export class RecoveryTimer {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;

  constructor(private readonly options: RecoveryTimerOptions) {
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
      let recovered = 0;
      try {
        recovered = await this.options.recoverCalls.execute();
      } catch (error) {
        this.options.onError(error);
      }
      if (recovered > 0) this.options.onRecovered(recovered);
      else await sleep(this.options.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

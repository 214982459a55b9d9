import { Repeater } from '@action-mesh/platform';

import type { WakeCalls } from '../application/wake-calls.js';

export interface OverflowTimerOptions {
  readonly wakeCalls: Pick<WakeCalls, 'overflow'>;
  readonly onError: (error: unknown) => void;
}

/** A round that woke at least this many calls is followed by the next one at once. */
const manyCalls = 100;

/** The pause after a round that woke fewer: about the time until there are free slots again. */
const busyPauseMs = 20;

/** The pause after a round that woke none, while calls wait. */
const quietMs = 100;

/**
 * Wakes calls that wait for their tenant's turn, in a loop of its own, apart from calls with a due time. It sleeps
 * while no call waits.
 */
export class OverflowTimer implements AsyncDisposable {
  readonly #repeater: Repeater<number>;
  #isWaiting = false;

  constructor({ wakeCalls, onError }: OverflowTimerOptions) {
    this.#repeater = new Repeater({
      run: () => wakeCalls.overflow(),
      everyMs: quietMs,
      firstAfterMs: Infinity,
      pauseMs: (woken) => this.#pauseMs(woken),
      onError,
    });
  }

  /** Notes whether calls wait for their tenant's turn. */
  noteWaiting(isWaiting: boolean): void {
    this.#isWaiting = isWaiting;
    if (isWaiting) this.#repeater.wakeWithin(quietMs);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #pauseMs(woken: number): number {
    if (woken >= manyCalls) return 0;
    if (woken > 0) return busyPauseMs;
    return this.#isWaiting ? quietMs : Infinity;
  }
}

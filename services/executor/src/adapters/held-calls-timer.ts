import { Repeater } from '@action-mesh/platform';

import type { ReleaseHeldCalls } from '../application/release-held-calls.js';

export interface HeldCallsTimerOptions {
  readonly releaseHeldCalls: Pick<ReleaseHeldCalls, 'execute'>;
  /** Called when calls wait for their tenant's turn from now on. */
  readonly onReleased: () => void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two comparisons while calls are held. */
const compareEveryMs = 250;

/** Compares held calls with the kill switches, and sleeps while no call is held. */
export class HeldCallsTimer implements AsyncDisposable {
  readonly #repeater: Repeater<number>;
  #areHeld = false;

  constructor({ releaseHeldCalls, onReleased, onError }: HeldCallsTimerOptions) {
    this.#repeater = new Repeater({
      run: async () => {
        const released = await releaseHeldCalls.execute();
        if (released > 0) onReleased();
        return released;
      },
      everyMs: compareEveryMs,
      firstAfterMs: Infinity,
      pauseMs: (released) => (released > 0 ? 0 : this.#areHeld ? compareEveryMs : Infinity),
      onError,
    });
  }

  /** Notes whether calls are held. */
  noteHeld(areHeld: boolean): void {
    this.#areHeld = areHeld;
    if (areHeld) this.#repeater.wakeWithin(compareEveryMs);
  }

  /** Notes that a switch was lifted. */
  wake(): void {
    this.#repeater.wakeWithin(0);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

import { Repeater } from '@action-mesh/platform';

import type { RecoverCalls } from '../application/recover-calls.js';

export interface RecoveryTimerOptions {
  readonly recoverCalls: Pick<RecoverCalls, 'execute'>;
  readonly onRecovered: (count: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds to wait after a failure. */
const retryAfterMs = 250;

/** Takes over orphaned calls once it is woken, without a pause while there are more. */
export class RecoveryTimer implements AsyncDisposable {
  readonly #repeater: Repeater<number>;

  constructor({ recoverCalls, onRecovered, onError }: RecoveryTimerOptions) {
    this.#repeater = new Repeater({
      run: async () => {
        const recovered = await recoverCalls.execute();
        if (recovered > 0) onRecovered(recovered);
        return recovered;
      },
      everyMs: retryAfterMs,
      firstAfterMs: Infinity,
      pauseMs: (recovered) => (recovered > 0 ? 0 : Infinity),
      onError,
    });
  }

  /** Notes that there are orphaned calls, or an instance that has died. */
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

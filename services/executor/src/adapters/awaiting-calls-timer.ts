import { Repeater } from '@action-mesh/platform';

import type { AuthChange } from '../application/awaiting-calls.port.js';
import type { ReleaseAwaitingCalls } from '../application/release-awaiting-calls.js';

export interface AwaitingCallsTimerOptions<Change extends object> {
  readonly releaseAwaitingCalls: Pick<ReleaseAwaitingCalls<Change>, 'changed' | 'execute' | 'untilNextMs'>;
  /** Called when calls wait for their tenant's turn from now on. */
  readonly onReleased: () => void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds to wait after a failure. */
const retryAfterMs = 250;

/** Lets calls go after a change of a connection, an integration or a policy. It sleeps while there is none. */
export class AwaitingCallsTimer<Change extends object = AuthChange> implements AsyncDisposable {
  readonly #options: AwaitingCallsTimerOptions<Change>;
  readonly #repeater: Repeater<number>;

  constructor(options: AwaitingCallsTimerOptions<Change>) {
    this.#options = options;
    const { releaseAwaitingCalls, onReleased, onError } = options;
    this.#repeater = new Repeater({
      run: async () => {
        const released = await releaseAwaitingCalls.execute();
        if (released > 0) onReleased();
        return releaseAwaitingCalls.untilNextMs();
      },
      everyMs: retryAfterMs,
      firstAfterMs: Infinity,
      pauseMs: (untilNextMs) => untilNextMs,
      onError,
    });
  }

  /** Notes a change that may end waits. */
  changed(change: Change): void {
    this.#options.releaseAwaitingCalls.changed(change);
    this.#repeater.wakeWithin(0);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

import { Repeater } from '@action-mesh/platform';

import type { ParkedCalls } from '../application/parked-calls.port.js';
import type { WakeCalls } from '../application/wake-calls.js';
import { executorPoints } from '../diagnostics.js';

export interface SchedulerOptions {
  readonly parkedCalls: Pick<ParkedCalls, 'untilNextMs'>;
  readonly wakeCalls: Pick<WakeCalls, 'due'>;
  readonly onError: (error: unknown) => void;
}

/** How long it looks away at most: others park calls too, and none of them for less than this without a hint here. */
const longestMs = 250;

/** How long it waits when calls are due and there is no room for them. */
const busyPauseMs = 20;

/** How often it looks for calls that the ladder has lost, whatever else is due. */
const strandedEveryMs = 2_500;

/**
 * Wakes parked calls when they are due: sleeps until the next one is, by the clock of the database, and looks again at
 * short intervals for those that other instances parked.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #repeater: Repeater<number>;
  #strandedLookMs = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#repeater = new Repeater({
      run: () => this.#turn(),
      everyMs: longestMs,
      firstAfterMs: 0,
      pauseMs: (untilNextMs) => untilNextMs,
      onError: options.onError,
    });
  }

  /** A call was parked here that is due so soon that the next look might come too late. */
  expect(delayMs: number): void {
    this.#repeater.wakeWithin(delayMs);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Wakes what is due. Returns the milliseconds until the next look. */
  async #turn(): Promise<number> {
    const nextMs = await this.#options.parkedCalls.untilNextMs();
    const looksForStranded = performance.now() - this.#strandedLookMs >= strandedEveryMs;
    if (looksForStranded) this.#strandedLookMs = performance.now();
    if (!looksForStranded && (nextMs === undefined || nextMs > 0)) {
      return Math.min(longestMs, nextMs ?? longestMs);
    }
    if (nextMs !== undefined && nextMs <= 0)
      executorPoints.before_wake_commit.publish(() => ({ lateMs: -nextMs }));
    const woken = await this.#options.wakeCalls.due();
    return woken === 0 && nextMs !== undefined && nextMs <= 0 ? busyPauseMs : 0;
  }
}

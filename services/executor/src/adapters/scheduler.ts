import { Repeater } from '@action-mesh/platform';

import type { ParkedCalls } from '../application/parked-calls.port.js';
import type { WakeCalls } from '../application/wake-calls.js';
import { executorPoints } from '../diagnostics.js';

export interface SchedulerOptions {
  readonly parkedCalls: Pick<ParkedCalls, 'untilNextMs'>;
  readonly wakeCalls: Pick<WakeCalls, 'due'>;
  readonly onError: (error: unknown) => void;
}

/**
 * The longest sleep in milliseconds. Other instances also park calls, with at least this delay unless this instance is
 * told.
 */
const longestMs = 250;

/** Milliseconds to wait when calls are due and there is no free slot for them. */
const busyPauseMs = 20;

/** Milliseconds between two checks for calls that the ladder has lost, even while other calls are due. */
const strandedEveryMs = 2_500;

/**
 * Wakes parked calls when they are due. It sleeps until the next due time by the clock of the database. It also checks
 * at short intervals for calls that other instances parked.
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

  /** Notes that this instance parked a call that may be due before the next check. */
  expect(delayMs: number): void {
    this.#repeater.wakeWithin(delayMs);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Wakes due calls. Returns the milliseconds until the next look. */
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

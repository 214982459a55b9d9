import { Repeater } from '@action-mesh/platform';

import type { ParkedCalls } from '../application/parked-calls.port.js';
import type { WakeCalls } from '../application/wake-calls.js';
import { executorPoints } from '../diagnostics.js';

export interface SchedulerOptions {
  readonly parkedCalls: Pick<ParkedCalls, 'untilNextMs'>;
  readonly wakeCalls: Pick<WakeCalls, 'due'>;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds to wait after a failure. */
const retryAfterMs = 250;

/** Milliseconds to wait when calls are due and there is no free slot for them. */
const busyPauseMs = 20;

/**
 * Wakes parked calls when they are due, and calls that the ladder has lost. It sleeps until the next due time by the
 * clock of the database. For calls that others parked meanwhile, it is told when to expect them.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #repeater: Repeater<number>;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#repeater = new Repeater({
      run: () => this.#turn(),
      everyMs: retryAfterMs,
      firstAfterMs: 0,
      pauseMs: (untilNextMs) => untilNextMs,
      onError: options.onError,
    });
  }

  /** Notes that a call is due after this delay, perhaps before all calls that the scheduler knows. */
  expect(delayMs: number): void {
    this.#repeater.wakeWithin(delayMs);
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Wakes due calls. Returns the milliseconds until the next turn. */
  async #turn(): Promise<number> {
    const nextMs = await this.#options.parkedCalls.untilNextMs();
    if (nextMs === undefined) return Infinity;
    if (nextMs > 0) return nextMs;
    executorPoints.before_wake_commit.publish(() => ({ lateMs: -nextMs }));
    const woken = await this.#options.wakeCalls.due();
    return woken === 0 ? busyPauseMs : 0;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

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
  readonly #running: Promise<void>;
  #sleep: { readonly untilMs: number; readonly cut: AbortController } | undefined;
  #strandedLookMs = 0;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** A call was parked here that is due so soon that the next look might come too late. */
  expect(delayMs: number): void {
    if (this.#sleep !== undefined && performance.now() + delayMs < this.#sleep.untilMs)
      this.#sleep.cut.abort();
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    this.#sleep?.cut.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#turn();
      } catch (error) {
        this.#options.onError(error);
        await this.#pause(longestMs);
      }
    }
  }

  async #turn(): Promise<void> {
    const nextMs = await this.#options.parkedCalls.untilNextMs();
    const looksForStranded = performance.now() - this.#strandedLookMs >= strandedEveryMs;
    if (looksForStranded) this.#strandedLookMs = performance.now();
    if (!looksForStranded && (nextMs === undefined || nextMs > 0)) {
      await this.#pause(Math.min(longestMs, nextMs ?? longestMs));
      return;
    }
    if (nextMs !== undefined && nextMs <= 0)
      executorPoints.before_wake_commit.publish(() => ({ lateMs: -nextMs }));
    const woken = await this.#options.wakeCalls.due();
    if (woken === 0 && nextMs !== undefined && nextMs <= 0) await this.#pause(busyPauseMs);
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isStopped) return;
    const cut = new AbortController();
    this.#sleep = { untilMs: performance.now() + ms, cut };
    await sleep(Math.ceil(ms), undefined, { signal: cut.signal }).catch(() => undefined);
    this.#sleep = undefined;
  }
}

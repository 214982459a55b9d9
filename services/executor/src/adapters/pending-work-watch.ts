import { Repeater } from '@action-mesh/platform';

import type { PendingWork } from '../application/pending-work.port.js';

/** The workers that sleep until there is work for them. Each works without a pause while it finds more. */
export interface BackgroundWorkers {
  readonly relay: { wake(): void };
  readonly recovery: { wake(): void };
  readonly scheduler: { expect(delayMs: number): void };
  readonly overflow: { noteWaiting(isWaiting: boolean): void };
  readonly held: { noteHeld(areHeld: boolean): void };
}

export interface PendingWorkWatchOptions {
  readonly look: () => Promise<PendingWork>;
  readonly workers: BackgroundWorkers;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Looks for background work at short intervals, and wakes the workers that have some. An idle mesh only looks. */
export class PendingWorkWatch implements AsyncDisposable {
  readonly #options: PendingWorkWatchOptions;
  readonly #repeater: Repeater;
  #instances = 1;

  constructor(options: PendingWorkWatchOptions) {
    this.#options = options;
    this.#repeater = new Repeater({
      run: () => this.#look(),
      everyMs: options.everyMs,
      firstAfterMs: 0,
      onError: options.onError,
    });
  }

  /**
   * The number of live executors. While the ledger is unavailable, the last count holds: no request leaves without the
   * ledger anyway.
   */
  get liveInstances(): number {
    return this.#instances;
  }

  async close(): Promise<void> {
    await this.#repeater.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #look(): Promise<void> {
    const { look, workers } = this.#options;
    const { hasUnpublished, hasOrphans, untilDueMs, hasOverflow, hasHeld, instances } = await look();
    // At least one, for this executor.
    this.#instances = Math.max(1, instances);
    if (hasUnpublished) workers.relay.wake();
    if (hasOrphans) workers.recovery.wake();
    if (untilDueMs !== undefined) workers.scheduler.expect(untilDueMs);
    workers.overflow.noteWaiting(hasOverflow);
    workers.held.noteHeld(hasHeld);
  }
}

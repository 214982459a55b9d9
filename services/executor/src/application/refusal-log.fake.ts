import type { OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { RefusalLog } from './refusal-log.port.js';

/** Keeps refusals in memory. */
export class FakeRefusalLog implements RefusalLog {
  readonly refusals: OutcomeOfCall[] = [];
  /** The error that every write rejects with, while it is set. */
  failure: Error | undefined;

  refused(outcome: OutcomeOfCall): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.refusals.push(outcome);
    return Promise.resolve();
  }
}

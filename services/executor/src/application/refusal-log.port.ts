import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { TraceContext } from '@action-mesh/kernel';

/** Where publishers are told that what they published is no call. */
export interface RefusalLog {
  /** Resolves when the refusal is safe in the log; rejects with a retryable error when nobody confirmed that. */
  refused(outcome: OutcomeOfCall, trace: TraceContext): Promise<void>;
}

export const RefusalLog = Symbol('RefusalLog');

import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { TraceContext } from '@action-mesh/kernel';

/** Tells publishers that a published record is no call. */
export interface RefusalLog {
  /** Resolves when the refusal is safe in the log. Rejects with a retryable error when no broker confirmed it. */
  refused(outcome: OutcomeOfCall, trace: TraceContext): Promise<void>;
}

export const RefusalLog = Symbol('RefusalLog');

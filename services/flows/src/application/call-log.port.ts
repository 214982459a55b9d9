import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/** Hands accepted calls to the executors. */
export interface StepCallLog {
  /** Resolves when the log has the call. After an error it may be there; the same call can be handed over again. */
  accepted(call: AcceptedCall, traceparent: string | undefined): Promise<void>;
}

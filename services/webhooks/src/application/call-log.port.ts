import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/** Hands accepted calls to the executors. */
export interface CallLog {
  /** Resolves when the log has all calls. After an error, a part may be there, and the call can be repeated. */
  accepted(calls: readonly AcceptedCall[], traceparent: string | undefined): Promise<void>;
}

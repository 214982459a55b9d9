import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

/** `bulk`: behind those of tenants with many calls, where no call of anybody else waits for it to be read. */
export type CallLane = 'calls' | 'bulk';

/**
 * Where the gateway writes what it decided. Every method resolves when the record is safe, and rejects within a bounded
 * time with `MeshUnavailableError` when nobody confirmed that.
 */
export interface EventLog {
  callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void>;
  triggerFired(fired: FiredTrigger, trace: TraceContext): Promise<void>;
}

export const EventLog = Symbol('EventLog');

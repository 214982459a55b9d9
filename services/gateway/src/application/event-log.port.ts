import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

/**
 * `calls`: on disk before it is confirmed. `awaited`: confirmed before it is on disk; the caller waits for the ledger, so a
 * lost record costs no acknowledged call. `bulk`: on disk, in the lane of tenants with many calls.
 */
export type CallLane = 'calls' | 'awaited' | 'bulk';

/**
 * Where the gateway writes what it decided. Every method resolves when the record is safe, and rejects within a bounded
 * time with `MeshUnavailableError` when nobody confirmed that.
 */
export interface EventLog {
  callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void>;
  triggerFired(fired: FiredTrigger, trace: TraceContext): Promise<void>;
}

export const EventLog = Symbol('EventLog');

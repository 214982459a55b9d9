import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

/**
 * The topic of a call.
 *
 * - `calls`: a record is on disk before it is confirmed.
 * - `awaited`: a record is confirmed before it is on disk. Its caller waits for the ledger, so a lost record costs no
 *   acknowledged call.
 * - `bulk`: a record is on disk before it is confirmed. Only tenants with many unsettled calls use it, so other tenants
 *   never wait behind them.
 */
export type CallLane = 'calls' | 'awaited' | 'bulk';

/**
 * Writes the gateway's decisions. Every method resolves when the log confirms the record. It rejects with `MeshUnavailableError`
 * within a bounded time without confirmation.
 */
export interface EventLog {
  callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void>;
  triggerFired(fired: FiredTrigger, trace: TraceContext): Promise<void>;
}

export const EventLog = Symbol('EventLog');

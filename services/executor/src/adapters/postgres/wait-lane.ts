import type { Park } from '../../application/ledger.port.js';

/** The part that wakes a waiting call. A held call has none until its kill switch is lifted. */
type WaitLane = 'scheduler' | 'ladder' | 'overflow' | 'held';

/** The lane of a call that waits. */
export function laneOf({ delayMs, rung }: Park): WaitLane {
  if (delayMs === Infinity) return 'held';
  return rung === undefined ? 'scheduler' : 'ladder';
}

/** The lane of a call that begins by waiting: perhaps for its tenant's turn. */
export function firstLaneOf(park: Park): WaitLane {
  return park.reason === 'tenant_backlog' ? 'overflow' : laneOf(park);
}

/** The delay in the row of a wait. JSON has no infinity, and the lane `held` needs no time. */
export function waitMsOf({ delayMs }: Park): number {
  return delayMs === Infinity ? 0 : delayMs;
}

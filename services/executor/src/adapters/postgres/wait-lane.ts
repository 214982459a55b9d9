import { shownDetail } from '../../application/auth-wait.js';
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

/** The column `detail` of a wait. */
export function detailText({ detail, approval }: Park): string | undefined {
  if (approval !== undefined) return JSON.stringify({ approval: approval.shown });
  return detail === undefined ? undefined : JSON.stringify(shownDetail(detail));
}

/** The columns of the approval that a call waits for. Absent members leave the row of a known approval unchanged. */
export function approvalColumns(park: Park | undefined): object {
  const { shown, about } = park?.approval ?? {};
  return { approval_id: shown?.id, approval_about: about, approval_expires: shown?.expires_at };
}

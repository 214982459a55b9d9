import { CallOutcome, refusalSource } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';

import type { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { readOutcome, settledOutcome } from '../../application/settled-outcome.js';
import type { TenantBacklog } from '../../application/tenant-backlog.js';

/** Receives outcomes of this gateway's calls that reached no waiter. */
export interface OutcomeReport {
  readonly unreadable: (callId: string) => void;
  /** The outcome names another user or tool than the call. `count`: such outcomes since the start. */
  readonly stranger: (callId: string, count: number) => void;
}

/**
 * Hands outcomes to the callers that wait for them. Every gateway reads every outcome, and most have no waiter here:
 * for those it reads only the key. An outcome with another user or tool than the local call reaches no caller. An outcome
 * of another tenant belongs to another call with the same id. The reader returns whether the outcome is taken.
 */
export function outcomeReader(
  waiters: OutcomeWaiters,
  backlog: Pick<TenantBacklog, 'holds' | 'settled'>,
  report: OutcomeReport,
): (record: IncomingRecord) => boolean {
  let strangers = 0;
  return ({ key, value, headers }) => {
    const callId = key?.toString('latin1') ?? '';
    if (value === null || !(waiters.isAwaited(callId) || backlog.holds(callId))) return false;
    if (headers[CloudEventHeader.type] !== eventType(CallOutcome)) return false;
    // A publisher of records used the id of this gateway's call. The call itself continues.
    if (headers[CloudEventHeader.source] === refusalSource) return false;
    const outcome = readOutcome(value.toString('utf8'));
    if (outcome?.call_id !== callId) {
      report.unreadable(callId);
      return false;
    }
    const settled = settledOutcome(outcome, value);
    if (settled === undefined) return false;
    if (waiters.settle(outcome, settled)) {
      backlog.settled(outcome.tenant_id, callId);
      return true;
    }
    report.stranger(callId, (strangers += 1));
    return false;
  };
}

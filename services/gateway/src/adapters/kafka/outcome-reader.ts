import { CallOutcome } from '@action-mesh/contracts/executor';
import { eventType } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';

import type { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { settledOutcome } from '../../application/settled-outcome.js';
import type { TenantBacklog } from '../../application/tenant-backlog.js';

/** All that the gateway reads of an outcome; the rest passes through untouched, to whoever waits for it. */
const readPart = CallOutcome.schema.pick({
  call_id: true,
  tenant_id: true,
  user_id: true,
  tool: true,
  status: true,
  error: true,
  waiting: true,
});

/** Told of outcomes of calls of this gateway that were handed to nobody. */
export interface OutcomeReport {
  readonly unreadable: (callId: string) => void;
  /** Of another tenant, user or tool than the call has; `count`: as many since the start. */
  readonly stranger: (callId: string, count: number) => void;
}

/**
 * Hands outcomes to whoever waits for them. Every gateway sees every outcome, and most are awaited elsewhere or nowhere:
 * those cost one look at the key. An outcome reaches
 * nobody that is of another tenant, user or tool than the call here whose id it names.
 */
export function outcomeReader(
  waiters: OutcomeWaiters,
  backlog: Pick<TenantBacklog, 'holds' | 'settled'>,
  tenantId: string,
  report: OutcomeReport,
): (record: IncomingRecord) => void {
  let strangers = 0;
  return ({ key, value, headers }) => {
    const callId = key?.toString('latin1') ?? '';
    if (value === null || !(waiters.isAwaited(callId) || backlog.holds(callId))) return;
    if (headers[CloudEventHeader.type] !== eventType(CallOutcome)) return;
    const outcome = read(value);
    if (outcome?.call_id !== callId) {
      report.unreadable(callId);
      return;
    }
    const settled = settledOutcome(outcome, value);
    if (settled === undefined) return;
    if (outcome.tenant_id === tenantId && waiters.settle(outcome, settled)) backlog.settled(callId);
    else report.stranger(callId, (strangers += 1));
  };
}

function read(value: Buffer): ReturnType<typeof readPart.parse> | undefined {
  try {
    return readPart.safeParse(JSON.parse(value.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

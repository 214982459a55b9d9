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
  status: true,
  error: true,
  waiting: true,
});

/**
 * Hands outcomes to whoever waits for them. Every gateway sees every outcome, and most are awaited elsewhere or nowhere:
 * those cost one look at the key.
 */
export function outcomeReader(
  waiters: OutcomeWaiters,
  backlog: Pick<TenantBacklog, 'holds' | 'settled'>,
  tenantId: string,
  onUnreadable: (callId: string) => void,
): (record: IncomingRecord) => void {
  return ({ key, value, headers }) => {
    const callId = key?.toString('latin1') ?? '';
    if (value === null || !(waiters.isAwaited(callId) || backlog.holds(callId))) return;
    if (headers[CloudEventHeader.type] !== eventType(CallOutcome)) return;
    const outcome = read(value);
    if (outcome?.call_id !== callId) onUnreadable(callId);
    else if (outcome.tenant_id === tenantId) {
      const settled = settledOutcome(outcome, value);
      if (settled === undefined) return;
      backlog.settled(callId);
      waiters.settle(callId, settled);
    }
  };
}

function read(value: Buffer): ReturnType<typeof readPart.parse> | undefined {
  try {
    return readPart.safeParse(JSON.parse(value.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

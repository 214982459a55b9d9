import type { DueRetry } from '@action-mesh/contracts/executor';

import type { Move } from '../../application/ledger.port.js';

/** The ladder's record for a parked call, as the text of a JSON object. */
export function retrySignal({ known: { call }, to }: Move, delayMs: number): string {
  const due: DueRetry = {
    call_id: call.call_id,
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    hash: call.hash,
    attempt: to.attempt,
    not_before: new Date(Date.now() + delayMs).toISOString(),
  };
  return JSON.stringify(due);
}

import { CallAccepted } from '@action-mesh/contracts/gateway';
import type { CallState } from '@action-mesh/contracts/executor';
import { crashPoint } from '@action-mesh/kernel';
import type { Pool } from 'pg';

import type { OwnedCall } from '../../application/ledger.port.js';
import type { LedgerIncarnation } from './instance-lease.js';
import { readTrace } from './trace-column.js';

interface Row {
  claim_id: string;
  state: CallState;
  fence: number;
  attempt: number;
  request: string;
  trace: string;
  provider_key: string | null;
  received_at: Date;
  first_dispatch_age_ms: number | null;
}

/** Ends dead incarnations and takes over what up to `limit` of their batches left. */
export async function takeOverCalls(
  pool: Pool,
  incarnation: LedgerIncarnation,
  limit: number,
): Promise<OwnedCall[]> {
  await pool.query({
    name: 'end_dead_instances',
    text: 'SELECT end_dead_instances($1)',
    values: [incarnation.id],
  });
  crashPoint('before_take_over_commit');
  const { rows } = await pool.query<Row>({
    name: 'take_over_calls',
    text: 'SELECT * FROM take_over_calls($1, $2)',
    values: [incarnation.id, limit],
  });
  return rows.map((row) => {
    const call = CallAccepted.schema.parse(JSON.parse(row.request));
    return {
      call,
      trace: readTrace(row.trace),
      state: {
        state: row.state,
        fence: row.fence,
        attempt: row.attempt,
        recovered: true,
        redrives: 0,
        attemptsBefore: 0,
      },
      providerKey: row.provider_key ?? call.call_id,
      receivedAtMs: row.received_at.getTime(),
      firstDispatchAgeMs: (row.first_dispatch_age_ms ?? 0) - (Date.now() - row.received_at.getTime()),
      incarnation,
      claimId: row.claim_id,
    };
  });
}

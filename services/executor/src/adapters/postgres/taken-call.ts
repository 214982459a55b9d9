import type { CallState, OutcomeOfCall, Tried } from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';

import type { ExecutorInstance, OwnedCall } from '../../application/ledger.port.js';
import { providerKeyOf } from '../../domain/provider-key.js';
import { readVerdict } from './policy-column.js';
import { readTrace } from './trace-column.js';

/** The type `taken_call` of the schema. */
export interface TakenRow {
  readonly claim_id: string;
  readonly call_id: string;
  readonly state: CallState;
  readonly fence: number;
  readonly attempt: number;
  readonly recovered: boolean;
  readonly redrives: number;
  readonly attempts_before: number;
  readonly request: string;
  readonly trace: string;
  readonly provider_key: string | null;
  readonly connection_id: string | null;
  readonly policy: string | null;
  readonly tried: string | null;
  readonly told: string | null;
  readonly origin: string | null;
  readonly received_at: Date;
  readonly renewed_at: Date | null;
  readonly age_ms: number;
  readonly first_dispatch_age_ms: number | null;
  readonly late_ms: number;
}

/** Converts a row that this instance has just claimed into an owned call. */
export function takenCall(row: TakenRow, instance: ExecutorInstance): OwnedCall {
  const call = CallAccepted.schema.parse(JSON.parse(row.request));
  const { state, fence, attempt, recovered, redrives, attempts_before: attemptsBefore } = row;
  return {
    call,
    trace: readTrace(row.trace),
    state: { state, fence, attempt, recovered, redrives, attemptsBefore },
    tried: row.tried === null ? [] : (JSON.parse(row.tried) as readonly Tried[]),
    ...(row.origin === null ? {} : { origin: row.origin }),
    providerKey: row.provider_key ?? providerKeyOf(call),
    receivedAtMs: row.received_at.getTime(),
    ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
    ...readVerdict(row.policy),
    ...(row.renewed_at === null ? {} : { renewedAtMs: row.renewed_at.getTime() }),
    ageMs: row.age_ms,
    ...(row.told === null ? {} : { told: (JSON.parse(row.told) as Pick<OutcomeOfCall, 'waiting'>).waiting }),
    firstDispatchAgeMs: (row.first_dispatch_age_ms ?? 0) - (Date.now() - row.received_at.getTime()),
    instance,
    claimId: row.claim_id,
  };
}

import type { CallState, Tried, WaitReason } from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';

import type { AdministeredCall } from '../../../application/administration/call-administration.port.js';
import { readVerdict } from '../policy-column.js';
import { readTrace } from '../trace-column.js';

export interface KnownRow {
  readonly request: string;
  readonly trace: string;
  readonly state: CallState;
  readonly fence: number;
  readonly attempt: number;
  readonly recovered: boolean;
  readonly redrives: number;
  readonly attempts_before: number;
  readonly tried: string | null;
  readonly origin: string | null;
  readonly received_at: Date;
  readonly reason: WaitReason | null;
  readonly scope: string | null;
  readonly connection_id: string | null;
  readonly policy: string | null;
}

/** The columns of {@link KnownRow}, of a call `c` and, if it waits, its row `w`. */
export const knownColumns = `c.request, c.trace, c.state, c.fence, c.attempt, c.recovered, c.redrives, c.attempts_before,
  c.tried, c.origin, c.received_at, c.connection_id, c.policy, w.reason, w.scope`;

/** Converts a row into the call for a person's decision. */
export function knownCall(row: KnownRow): AdministeredCall {
  const { state, fence, attempt, recovered, redrives, attempts_before: attemptsBefore, reason, scope } = row;
  return {
    call: CallAccepted.schema.parse(JSON.parse(row.request)),
    trace: readTrace(row.trace),
    state: { state, fence, attempt, recovered, redrives, attemptsBefore },
    tried: readTried(row.tried),
    ...(row.origin === null ? {} : { origin: row.origin }),
    receivedAtMs: row.received_at.getTime(),
    ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
    ...readVerdict(row.policy),
    ...(reason === null ? {} : { waiting: { reason, ...(scope === null ? {} : { scope }) } }),
  };
}

/** The column `tried`. */
export function readTried(text: string | null): Tried[] {
  return text === null ? [] : (JSON.parse(text) as Tried[]);
}

import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { defined, type TraceContext } from '@action-mesh/kernel';

import type { Failure } from '../domain/attempt-evidence.js';
import { deadlineExceeded } from '../domain/attempt-verdict.js';
import type { CredentialSubject } from './call-credentials.js';
import type { NewCall } from './ledger.port.js';
import type { PreparedTool } from './tools.port.js';
import { isFreshRead, validityMsOf } from './validity.js';

/** An accepted call from the log. */
export interface Arrival {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  /** `topic/partition/offset`. Absent when the record was handed over ahead of Kafka. */
  readonly origin?: string;
  /** The time at which the broker took the record, by its clock. */
  readonly arrivedAtMs: number;
}

/** An arrival with the decision of the policies, once there is one. */
export type JudgedArrival = Arrival & Pick<NewCall, 'policy'>;

/** The fields that decide which earlier call may answer this one. */
export type AnswerWindow = Pick<NewCall, 'validityMs' | 'freshOnly'>;

/** How long a call answers equal ones, and which earlier ones may answer it. */
export function answerWindowOf(call: AcceptedCall, { tool }: PreparedTool): AnswerWindow {
  return { validityMs: validityMsOf(call, tool), freshOnly: isFreshRead(call, tool) };
}

/** A call before its first request. */
export function newSubject({ call, trace }: Arrival, prepared: PreparedTool): CredentialSubject {
  return { call, trace, prepared, mayHaveActed: false, isUnsure: false, ageMs: 0 };
}

/** Why a call may no longer start. */
export function notToBeStarted(call: AcceptedCall, nowMs: number): Failure | undefined {
  return call.deadline !== undefined && Date.parse(call.deadline) <= nowMs ? deadlineExceeded : undefined;
}

/** The failure of a submission with the idempotency key of another call. */
export function keyConflict(keyHolder: string | undefined): Failure {
  return {
    code: 'idempotency_key_conflict',
    category: 'request',
    message:
      keyHolder === undefined
        ? 'the idempotency key was used before for a call with other content'
        : `the idempotency key was used before for the call ${keyHolder}, which has other content`,
    ...defined({ conflicts_with: keyHolder }),
    fix: 'Use a new key for a new call, and the same key only to repeat the same call.',
  };
}

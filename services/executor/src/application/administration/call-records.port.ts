import type { CallPage, CallQuery } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { Intent } from '../ledger.port.js';

/** A call with the intent that was written before its newest request left. */
export interface IntendedCall {
  readonly call: AcceptedCall;
  readonly intent: Intent;
}

/** The calls in the ledger, for people. Every answer covers one tenant. */
export interface CallRecords {
  page(tenantId: string, query: CallQuery): Promise<CallPage>;
  /** The call with its newest intent. For a duplicate, the original's. Undefined when the call has no intent. */
  intended(tenantId: string, callId: string): Promise<IntendedCall | undefined>;
}

export const CallRecords = Symbol('CallRecords');

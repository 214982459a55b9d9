import { acceptCall, CallRefusedError, refusedOutcome, type ToolRegistry } from '@action-mesh/admission';
import type { AcceptedCall, CallRequest } from '@action-mesh/contracts/gateway';
import { newId, type Clock, type TraceContext } from '@action-mesh/kernel';

import type { Reception, RecordCall } from './record-call.js';
import type { RefusalLog } from './refusal-log.port.js';

/** A call that an agent published directly to Kafka. */
export interface Submission {
  readonly request: CallRequest & { readonly call_id: string };
  readonly trace: TraceContext;
  /** `topic/partition/offset`. */
  readonly origin?: string;
  /** The time at which the broker took the record. A record that comes again falls into the same window of time. */
  readonly arrivedAtMs: number;
}

export interface TakeSubmissionParts {
  /** The tenant of the ingress. */
  readonly tenantId: string;
  readonly tools: Pick<ToolRegistry, 'find'>;
  readonly recordCall: Pick<RecordCall, 'execute'>;
  readonly refusals: RefusalLog;
  readonly clock: Clock;
}

/**
 * Decides on a call by the rules of the gateway and puts it directly into the ledger. A refusal is published on the
 * log, where the publisher subscribes.
 */
export class TakeSubmission {
  readonly #parts: TakeSubmissionParts;

  constructor(parts: TakeSubmissionParts) {
    this.#parts = parts;
  }

  /** Resolves when the ledger knows the call, or its refusal is safe in the log. */
  async execute({ request, ...record }: Submission): Promise<Reception> {
    const { tenantId, tools, recordCall, refusals, clock } = this.#parts;
    let call: AcceptedCall;
    try {
      call = acceptCall(request, { caller: { tenantId }, tools, nowMs: record.arrivedAtMs, newId });
    } catch (error) {
      if (!(error instanceof CallRefusedError)) throw error;
      await refusals.refused(refusedOutcome(request, error, { tenantId, nowMs: clock.now() }), record.trace);
      return 'refused';
    }
    return recordCall.execute({ call, ...record });
  }
}

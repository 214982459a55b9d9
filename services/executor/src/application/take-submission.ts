import { acceptCall, CallRefusedError, refusedOutcome, type ToolRegistry } from '@action-mesh/admission';
import type { AcceptedCall, CallRequest } from '@action-mesh/contracts/gateway';
import type { KillSwitches, Principal } from '@action-mesh/identity';
import { newId, type Clock, type TraceContext } from '@action-mesh/kernel';

import { LedgerUnavailableError } from '../domain/executor.errors.js';
import type { Reception, RecordCall } from './record-call.js';
import type { RefuseRecord } from './refuse-record.js';
import type { Refused } from './refused-records.port.js';
import { switchedCall } from './switched-call.js';

/** A call that an agent published directly to Kafka. */
export interface Submission {
  readonly request: CallRequest & { readonly call_id: string };
  /** The holder of the record's token. */
  readonly publisher: Principal;
  readonly trace: TraceContext;
  readonly place: Pick<Refused, 'topic' | 'partition' | 'offset'>;
  /** The time at which the broker took the record. A record that comes again falls into the same window of time. */
  readonly arrivedAtMs: number;
}

export interface TakeSubmissionParts {
  readonly tools: Pick<ToolRegistry, 'find' | 'findIfAny'>;
  readonly switches: Pick<KillSwitches, 'areOn' | 'covering'>;
  readonly recordCall: Pick<RecordCall, 'execute'>;
  readonly refuseRecord: Pick<RefuseRecord, 'execute'>;
  readonly clock: Clock;
}

type Refusal = Parameters<typeof refusedOutcome>[1];

/**
 * Decides on a call by the rules of the gateway and the rights of its publisher, and puts it directly into the ledger. A
 * refused call is kept, and answered on the log, where the publisher subscribes.
 */
export class TakeSubmission {
  readonly #parts: TakeSubmissionParts;

  constructor(parts: TakeSubmissionParts) {
    this.#parts = parts;
  }

  /** Resolves when the ledger knows the call, or its refusal is kept and safe in the log. */
  async execute(submission: Submission): Promise<Reception> {
    const { trace, arrivedAtMs, place } = submission;
    const decided = this.#decide(submission);
    if ('refusal' in decided) return this.#refuse(submission, decided);
    const origin = `${place.topic}/${place.partition}/${place.offset}`;
    return this.#parts.recordCall.execute({ call: decided, trace, origin, arrivedAtMs });
  }

  #decide({ request, publisher, arrivedAtMs }: Submission): AcceptedCall | Refusal {
    const { tools } = this.#parts;
    if (!publisher.scopes.has('calls:write')) return scopeMissing;
    try {
      const call = acceptCall(request, { caller: publisher, tools, nowMs: arrivedAtMs, newId });
      return this.#switchedOff(call) ?? call;
    } catch (error) {
      if (!(error instanceof CallRefusedError)) throw error;
      return error;
    }
  }

  #switchedOff(call: AcceptedCall): Refusal | undefined {
    const { switches, tools } = this.#parts;
    // A dry run shows the switches that would hold the call.
    if (!switches.areOn || call.mode === 'dry_run') return undefined;
    const provider = tools.findIfAny(call.tool.slug, call.tool.version)?.tool.provider.slug;
    const covering = switches.covering(switchedCall(call, provider));
    return covering === undefined
      ? undefined
      : {
          refusal: 'switched_off',
          message: `The kill switch ${covering.id} stops this call: ${covering.reason}`,
          fix: 'Publish the call again under a new call id after the switch was lifted. GET /v1/switches shows the switches that are on.',
          problems: [],
        };
  }

  async #refuse({ request, publisher, trace, place }: Submission, refusal: Refusal): Promise<Reception> {
    const { refuseRecord, clock } = this.#parts;
    const { tenantId } = publisher;
    const isTold = await refuseRecord.execute({
      ...place,
      tenantId,
      callId: request.call_id,
      code: refusal.refusal.toUpperCase(),
      message: refusal.message,
      fix: refusal.fix,
      outcome: refusedOutcome(request, refusal, { tenantId, nowMs: clock.now() }),
      trace,
    });
    if (!isTold) throw new LedgerUnavailableError('this executor stops, and another one takes the record');
    return 'refused';
  }
}

const scopeMissing: Refusal = {
  refusal: 'scope_missing',
  message: 'The publisher token has no scope calls:write.',
  fix: 'Publish with a token that has the scope calls:write.',
  problems: [],
};

import type { OutcomeOfCall, Tried } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { Call } from './call.js';
import type { Failure } from './attempt-evidence.js';

/** The content of an outcome, for a call that ended or changed its status. */
export interface Ending {
  readonly status: OutcomeOfCall['status'];
  /** The text of a JSON value, exactly as received. It keeps every digit of the provider's answer. */
  readonly result?: string;
  readonly failure?: Failure;
  readonly waiting?: NonNullable<OutcomeOfCall['waiting']>;
  readonly upstream?: NonNullable<OutcomeOfCall['upstream']>;
  readonly circuit?: NonNullable<OutcomeOfCall['circuit_breaker_status']>;
  readonly resolvedBy?: string;
  /** Only for a call that is not live. */
  readonly preview?: NonNullable<OutcomeOfCall['preview']>;
}

/** The facts of an outcome about the call itself. */
export interface Standing {
  readonly state: Pick<Call, 'attempt' | 'recovered' | 'redrives'>;
  readonly tried: readonly Tried[];
  /** The connection that gave the credential of the requests. */
  readonly connectionId?: string | undefined;
  /** The decision of the policies. Undefined: the tenant had none. */
  readonly policy?: OutcomeOfCall['policy'] | undefined;
}

/**
 * The shared part of an outcome, as the text of a JSON object. In front, the ledger adds the fields that differ between
 * the submissions of one call (`call_id`, `duplicate_of`, `replayed`, `seq`) and the times of its rows. Duplicates
 * therefore get the same bytes (I4).
 */
export function describeEnding(call: AcceptedCall, ending: Ending, standing: Standing): string {
  const { agent, tool } = call;
  const { state, tried, connectionId, policy } = standing;
  const shared = {
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    agent:
      agent === undefined
        ? undefined
        : { id: agent.id, run_id: agent.run_id, step: agent.step, prompt: agent.prompt },
    tool: { slug: tool.slug, version: tool.version },
    status: ending.status,
    error: ending.failure,
    waiting: ending.waiting,
    policy,
    preview: ending.preview,
    tried: tried.length === 0 ? undefined : tried,
    circuit_breaker_status: ending.circuit,
    connection_id: connectionId,
    upstream: ending.upstream,
    attempts: state.attempt,
    recovered: state.recovered,
    redrives: state.redrives === 0 ? undefined : state.redrives,
    compensates: call.compensates,
    resolved_by: ending.resolvedBy,
    saga_id: call.saga_id,
  };
  const text = JSON.stringify(shared);
  return ending.result === undefined ? text : `${text.slice(0, -1)},"result":${ending.result}}`;
}

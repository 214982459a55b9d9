import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { Failure } from './verdict.js';

/** How a call ended or stands, in the fields that all its submissions share. */
export interface Ending {
  readonly status: OutcomeOfCall['status'];
  /** The text of a JSON value; written as it came, so that no digit of the provider's answer is lost. */
  readonly result?: string;
  readonly failure?: Failure;
  readonly upstream?: NonNullable<OutcomeOfCall['upstream']>;
  readonly attempts: number;
  readonly recovered: boolean;
  readonly receivedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * The shared part of an outcome as the text of a JSON object. The ledger puts the fields in front that differ between the
 * submissions of one call (`call_id`, `duplicate_of`, `replayed`, `seq`), so that duplicates get the same bytes (I4).
 */
export function describeEnding(call: AcceptedCall, ending: Ending): string {
  const { agent, tool } = call;
  const shared = {
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    agent: agent === undefined ? undefined : { id: agent.id, run_id: agent.run_id, step: agent.step },
    tool: { slug: tool.slug, version: tool.version },
    status: ending.status,
    error: ending.failure,
    upstream: ending.upstream,
    attempts: ending.attempts,
    recovered: ending.recovered,
    received_at: new Date(ending.receivedAtMs).toISOString(),
    ended_at: new Date(ending.endedAtMs).toISOString(),
    duration_ms: Math.max(0, ending.endedAtMs - ending.receivedAtMs),
  };
  const text = JSON.stringify(shared);
  return ending.result === undefined ? text : `${text.slice(0, -1)},"result":${ending.result}}`;
}

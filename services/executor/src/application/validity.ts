import type { Tool } from '@action-mesh/contracts/catalog';
import { flowKeyPrefix, type AcceptedCall } from '@action-mesh/contracts/gateway';

/** The validity of the step of a flow: a hundred years. A run can sleep past every other one. */
const stepValidityMs = 100 * 365 * 86_400_000;

/**
 * Milliseconds after its end that a call answers an equal one. A read without an idempotency key is as fresh as its
 * tool says. A read with one equals only reads with the same key. The step of a flow never runs anew.
 */
export function validityMsOf(call: AcceptedCall, tool: Tool): number {
  if (call.idempotency_key?.startsWith(flowKeyPrefix) === true) return stepValidityMs;
  return isFreshRead(call, tool) ? (tool.freshness_ms ?? 0) : tool.validity_ms;
}

/** Whether only a fresh answer may answer the call. */
export function isFreshRead(call: AcceptedCall, { effect }: Tool): boolean {
  return effect.class === 'read' && call.idempotency_key === undefined;
}

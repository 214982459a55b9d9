import type { Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/**
 * Milliseconds after its end that a call answers an equal one. A read without an idempotency key is as fresh as its
 * tool says. A read with one equals only reads with the same key.
 */
export function validityMsOf(call: AcceptedCall, tool: Tool): number {
  return isFreshRead(call, tool) ? (tool.freshness_ms ?? 0) : tool.validity_ms;
}

/** Whether only a fresh answer may answer the call. */
export function isFreshRead(call: AcceptedCall, { effect }: Tool): boolean {
  return effect.class === 'read' && call.idempotency_key === undefined;
}

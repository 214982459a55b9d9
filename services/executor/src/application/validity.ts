import type { Tool } from '@action-mesh/contracts/catalog';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/**
 * How long after its end a call answers another one that is equal. A read without an idempotency key is as fresh as its
 * tool says; a read with one is equal to reads with the same key alone.
 */
export function validityMsOf(call: AcceptedCall, tool: Tool): number {
  return isFreshRead(call, tool) ? (tool.freshness_ms ?? 0) : tool.validity_ms;
}

/** Whether nothing but a fresh answer may answer the call. */
export function isFreshRead(call: AcceptedCall, { effect }: Tool): boolean {
  return effect.class === 'read' && call.idempotency_key === undefined;
}

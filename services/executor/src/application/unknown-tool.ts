import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import type { Failure } from '../domain/attempt-evidence.js';
import type { Park } from './ledger.port.js';
import type { Parking } from './parking.js';

/** Milliseconds that a call waits for its tool to arrive on the control topic, by the clock of the ledger. */
const patienceMs = 30_000;
const shortestWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * The validity window of a call until its tool is known: the default of tools. A shorter one could run an effect twice.
 */
export const unknownToolValidityMs = 86_400_000;

/** The wait of a new call with a tool that this executor does not know. */
export function untilToolIsKnown(call: AcceptedCall, nowMs: number): Parking {
  const park = waitForTool(call, 0);
  const until = new Date(nowMs + park.delayMs).toISOString();
  return {
    park,
    ending: { status: 'waiting', waiting: { reason: 'tool_unknown', until, scope: scopeOf(call) } },
  };
}

/** The next wait of a call that has waited `ageMs` for its tool. Undefined when its patience is over. */
export function nextWaitForTool(call: AcceptedCall, ageMs: number): Park | undefined {
  return ageMs >= patienceMs ? undefined : waitForTool(call, ageMs);
}

/** Each wait is as long as all waits before it together, within bounds, so a call is checked at most ten times. */
function waitForTool(call: AcceptedCall, ageMs: number): Park {
  const delayMs = Math.min(Math.max(ageMs, shortestWaitMs), longestWaitMs, patienceMs - ageMs);
  return { delayMs: Math.ceil(delayMs), reason: 'tool_unknown', scope: scopeOf(call) };
}

function scopeOf({ tool }: AcceptedCall): string {
  return `tool:${tool.slug}@${tool.version}`;
}

/** The failure of a call after its tool did not arrive in time. */
export function unknownTool({ tool }: AcceptedCall): Failure {
  return {
    code: 'tool_not_found',
    category: 'request',
    message: `no tool ${tool.slug} of version ${tool.version} is published`,
    fix: 'List the tools at GET /v1/tools.',
  };
}

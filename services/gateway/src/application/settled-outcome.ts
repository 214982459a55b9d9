import type { OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { SettledOutcome } from './outcome-waiters.js';

/**
 * What an outcome means to whoever waits; `undefined`: nothing yet, the mesh is finding out. `waiting` may be the answer
 * to a caller who leaves before the call goes on; everything else ends the wait, whether the call has ended or needs a
 * person.
 */
export function settledOutcome(
  { status, error, waiting }: Pick<OutcomeOfCall, 'status' | 'error' | 'waiting'>,
  json: Uint8Array,
): SettledOutcome | undefined {
  if (status === 'indeterminate') return undefined;
  const { code, conflicts_with: conflictsWith } = error ?? {};
  const outcome = { json, status, errorCode: code, ...(conflictsWith && { conflictsWith }) };
  if (status !== 'waiting' || waiting === undefined) return outcome;
  return { ...outcome, resumesAtMs: Date.parse(waiting.until) };
}

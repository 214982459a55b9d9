import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { SettledOutcome } from './outcome-waiters.js';

/** All that the gateway reads of an outcome; the rest passes through untouched, to the caller that waits for it. */
const readPart = CallOutcome.schema.pick({
  call_id: true,
  tenant_id: true,
  user_id: true,
  tool: true,
  status: true,
  error: true,
  waiting: true,
});

/** The part of an outcome that the gateway reads; undefined where the text is no outcome. */
export function readOutcome(text: string): ReturnType<typeof readPart.parse> | undefined {
  try {
    return readPart.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

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

import { CallOutcome, type OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { SettledOutcome } from './outcome-waiters.js';

/** The part of an outcome that the gateway reads. The rest reaches the waiting caller unchanged. */
const readPart = CallOutcome.schema.pick({
  call_id: true,
  tenant_id: true,
  user_id: true,
  tool: true,
  status: true,
  error: true,
  waiting: true,
});

/** The part of an outcome that the gateway reads. Undefined when the text is no outcome. */
export function readOutcome(text: string): ReturnType<typeof readPart.parse> | undefined {
  try {
    return readPart.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The outcome for a waiter. `undefined` for `indeterminate`, while the mesh finds out. For `waiting` it has the time when
 * the call continues: it answers only callers whose wait ends before. Every other outcome ends the wait, since the call
 * has ended or needs a person.
 */
export function settledOutcome(
  { status, error, waiting }: Pick<OutcomeOfCall, 'status' | 'error' | 'waiting'>,
  json: Uint8Array,
): SettledOutcome | undefined {
  if (status === 'indeterminate') return undefined;
  const { code, conflicts_with: conflictsWith } = error ?? {};
  const outcome = { json, status, errorCode: code, ...(conflictsWith && { conflictsWith }) };
  if (status !== 'waiting' || waiting === undefined) return outcome;
  // A held call has no time: it continues when a kill switch is lifted.
  return { ...outcome, resumesAtMs: waiting.until === undefined ? Infinity : Date.parse(waiting.until) };
}

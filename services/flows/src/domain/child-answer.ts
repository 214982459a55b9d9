import type { JsonValue } from '@action-mesh/kernel';

import type { RunProblem, RunState, StepAnswer } from './flow-run.js';

/** The answer that the state of a child gives to its parent. Undefined: the child goes on, or a person mends it first. */
export function answerOfChild({
  state,
  problem,
  result,
}: {
  readonly state: RunState;
  readonly problem?: RunProblem;
  readonly result?: JsonValue;
}): StepAnswer | undefined {
  if (state === 'succeeded')
    return result === undefined ? { ok: true } : { ok: true, text: JSON.stringify(result) };
  if (state !== 'failed' && state !== 'cancelled' && state !== 'needs_review') return undefined;
  const { code, message } = problem ?? { code: 'FLOWS_RUN_FAILED', message: `the child was ${state}` };
  return { ok: false, error: state === 'needs_review' ? 'unknown' : 'failed', code, message };
}

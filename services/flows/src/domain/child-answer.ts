import type { JsonValue } from '@action-mesh/kernel';

import type { RunProblem, RunState, StepAnswer } from './flow-run.js';

/** The answer that the end of a child gives to its parent. Undefined: the child can still go on. */
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
  if (state !== 'failed' && state !== 'cancelled') return undefined;
  const { code, message } = problem ?? { code: 'FLOWS_RUN_FAILED', message: `the child was ${state}` };
  return { ok: false, error: 'failed', code, message };
}

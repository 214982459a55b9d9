import { MeshError } from '@action-mesh/kernel';

import type { RunProblem, StepDifference } from '../domain/flow-run.js';

/** The problem of a run whose code and record differ. */
export function divergence(difference: StepDifference): RunProblem {
  return {
    code: 'FLOWS_DIVERGED',
    message:
      'the code asks for another step than before, so the run has stopped and nothing was sent; deploy code that asks for the same, and resume the run',
    step: difference.step,
    difference,
  };
}

/** The problem of a run whose answers are more than a run may have. */
export function tooLarge(step: string): RunProblem {
  return {
    code: 'FLOWS_TOO_LARGE',
    message:
      'the answers of the run have more than a million characters; select less of a result, or move a part into a child flow',
    step,
  };
}

/** Why code stopped a run. Stack traces stay out, because they differ in every replay. */
export function runProblemOf(error: unknown): RunProblem {
  if (error instanceof MeshError) return { code: error.code, message: error.message };
  return {
    code: 'FLOWS_CODE_FAILED',
    message:
      error instanceof Error ? `${error.name}: ${error.message}` : 'the code threw a value that is no error',
  };
}

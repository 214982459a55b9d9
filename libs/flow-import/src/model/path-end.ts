import type { DraftStep } from './workflow.js';

/** Whether a step may end the function around it. */
export function endsPath(step: DraftStep): boolean {
  if (step.kind === 'return' || step.kind === 'end') return true;
  if (step.kind === 'if')
    return step.otherwise.some(endsPath) || step.arms.some(({ steps }) => steps.some(endsPath));
  return step.kind === 'call' && step.onError !== undefined;
}

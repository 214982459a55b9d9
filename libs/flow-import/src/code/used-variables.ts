import type { Expr, Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';

/** The variables that some expression of the steps reads. */
export function usedVariables(steps: readonly DraftStep[]): ReadonlySet<Variable> {
  const used = new Set<Variable>();
  const pending: unknown[] = [steps];
  // Steps and expressions are plain trees, so one walk over their members sees every expression.
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (isRead(next)) used.add(next.variable);
    else if ('kind' in next && next.kind === 'literal') continue;
    else if ('kind' in next && next.kind === 'call' && 'choice' in next) {
      const { args, onError } = next as Extract<DraftStep, { kind: 'call' }>;
      pending.push(args, onError?.steps, onError?.result);
    } else pending.push(...(Object.values(next) as unknown[]));
  }
  return used;
}

function isRead(value: object): value is Extract<Expr, { kind: 'variable' }> {
  return 'kind' in value && value.kind === 'variable';
}

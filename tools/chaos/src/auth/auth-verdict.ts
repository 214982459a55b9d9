import type { LeaseAnswer } from '@action-mesh/connections';

import { mayLose, mostUses, refreshPoints, type AuthCell, type AuthCellResult } from './auth-cells.js';

/** The broken promises of a race, in words. */
export function authFaults(
  cell: AuthCell,
  result: Omit<AuthCellResult, 'faults'>,
  answers: readonly (LeaseAnswer | Error)[],
  output: string,
): string[] {
  const faults: string[] = [];
  const unanswered = answers.filter((answer) => answer instanceof Error).length;
  if (unanswered > 0) faults.push(`${unanswered} callers got no answer\n${output.slice(-4_000)}`);
  if (result.mostUses > mostUses(cell)) faults.push(`a refresh token was presented ${result.mostUses} times`);
  const isArmed = refreshPoints.some((point) => point === cell.disturbance);
  if (isArmed && !result.crashed) faults.push('no broker reached the point');
  const isLost = result.state !== 'active';
  if (isLost && !mayLose(cell)) faults.push(`the connection is ${result.state}`);
  if (isLost && !result.state.includes('rotation_lost'))
    faults.push(`a lost rotation is told as ${result.state}`);
  const right = isLost ? result.sentToUser : result.served;
  if (right + unanswered < result.callers)
    faults.push(`${result.callers - right - unanswered} callers got something else\n${shapesOf(answers)}`);
  return faults;
}

/** The kinds of answers with their numbers, without a credential. */
function shapesOf(answers: readonly (LeaseAnswer | Error)[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const shape =
      answer instanceof Error
        ? 'none'
        : 'refusal' in answer
          ? answer.refusal.code
          : `version ${answer.credential.version}`;
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  return [...counts].map(([shape, count]) => `${shape}: ${count}`).join(', ');
}

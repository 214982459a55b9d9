import { canonicalize, type JsonValue } from '@action-mesh/kernel';

import type { RecordedStep, RunProblem, StepAnswer } from '../domain/flow-run.js';
import { StepRefusedError } from '../domain/flows.errors.js';
import { unknownContent } from '../domain/journal.js';
import { undoPath, undoScope } from '../domain/step-path.js';
import type { RunExecution, StepBegin } from './run-execution.js';
import type { UndoCall, SessionEnd, StepCall } from './session-host.port.js';

/**
 * Undoes the steps of a run that failed.
 *
 * - UN1: a step whose effect is open is settled first. The undo of an effect that did not happen could do harm.
 * - UN2: steps are undone in the reverse order of their answers, one after the other.
 * - UN3: an effect that cannot be undone is listed, and the run ends for a person.
 */
export async function undoSteps(execution: RunExecution, failure: RunProblem): Promise<SessionEnd> {
  const done = execution.journal.steps.filter(({ scope }) => scope !== undoScope);
  await Promise.all(done.filter(isOpen).map((step) => settle(execution, step)));
  const stands: string[] = [];
  for (const step of latestFirst(execution, done)) {
    if (step.kind === 'flow') {
      // A child that succeeded is a run of its own, and nothing undoes it from here.
      if (step.answer?.ok !== false || step.answer.error === 'unknown') stands.push(step.path);
    } else if (step.answer?.ok !== true) {
      // A step without an answer has a call that this run cannot name.
      if (step.answer === undefined || step.answer.error === 'unknown') stands.push(step.path);
    } else if (step.undo !== undefined && !(await undo(execution, step))) stands.push(step.path);
  }
  return stands.length === 0
    ? { kind: 'undone', problem: failure }
    : { kind: 'needs_review', problem: { ...failure, stands } };
}

/** Whether the effect of a step is still to be known. A step that was never sent has none. */
function isOpen({ kind, about, answer, callId }: RecordedStep): boolean {
  if (answer !== undefined || about === unknownContent) return false;
  return kind === 'flow' || (kind === 'call' && callId !== undefined);
}

/** The steps with their newest state, the last answer first. */
function latestFirst({ journal }: RunExecution, steps: readonly RecordedStep[]): readonly RecordedStep[] {
  return steps
    .flatMap(({ path }) => journal.get(path) ?? [])
    .filter(
      ({ kind, about, answer, callId }) =>
        kind === 'flow' ||
        (kind === 'call' && (answer !== undefined || callId !== undefined || about === unknownContent)),
    )
    .sort((a, b) => (b.answered ?? 0) - (a.answered ?? 0));
}

async function settle(execution: RunExecution, step: RecordedStep): Promise<void> {
  if (step.kind === 'flow') {
    await execution.host.failChildren(execution.run);
    await execution.step({ ...step, begin: () => Promise.resolve({}) });
    return;
  }
  const about = JSON.parse(step.about) as Pick<StepCall, 'tool' | 'version' | 'arguments' | 'connection'>;
  await execution.step({
    ...step,
    begin: () =>
      submitted(
        execution,
        { path: step.path, ordinal: step.ordinal, ...about },
        {
          ok: false,
          error: 'unknown',
          code: 'FLOWS_STEP_REFUSED',
          message: 'the mesh refuses the call now, so nobody knows whether it took effect',
        },
      ),
  });
}

/** The call of a step, or an answer in its place when the mesh refuses it. */
async function submitted(execution: RunExecution, call: StepCall, refused: StepAnswer): Promise<StepBegin> {
  try {
    return { callId: await execution.submit(call) };
  } catch (error) {
    if (error instanceof StepRefusedError) return { answer: refused };
    throw error;
  }
}

/** Whether the step was undone. */
async function undo(execution: RunExecution, step: RecordedStep): Promise<boolean> {
  const compensation = compensationOf(execution, step);
  if ('missing' in compensation) return false;
  const path = undoPath(step.path);
  const answer = await execution.step({
    path,
    scope: undoScope,
    kind: 'call',
    about: canonicalize({ ...compensation }),
    begin: ({ ordinal }) => {
      const call: StepCall = {
        path,
        ordinal,
        ...compensation,
        // A correction of another kind is a call of its own; the ledger knows one compensation for each call.
        ...(step.undo?.kind === 'declared' && step.callId !== undefined ? { compensates: step.callId } : {}),
      };
      return submitted(execution, call, {
        ok: false,
        error: 'failed',
        code: 'FLOWS_STEP_REFUSED',
        message: 'the mesh refuses the call that undoes the step',
      });
    },
  });
  return answer.ok;
}

function compensationOf(execution: RunExecution, step: RecordedStep): UndoCall {
  if (step.undo?.kind !== 'call') return execution.host.compensation(execution.run.tenantId, step);
  const { tool, version } = JSON.parse(step.about) as { tool: string; version?: string };
  const args: JsonValue = step.undo.arguments;
  return { tool, arguments: args, ...(version === undefined ? {} : { version }) };
}

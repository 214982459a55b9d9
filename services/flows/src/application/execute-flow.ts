import { TimedOut, ToolCallFailed, ToolCallUnknown } from '@action-mesh/flow-api';

import type { ClaimedRun, RunProblem } from '../domain/flow-run.js';
import { RunFailedError } from '../domain/flows.errors.js';
import type { DeployedFlow } from './flow-bundles.port.js';
import { FlowSession, jsonOf } from './flow-session.js';
import type { RunExecution } from './run-execution.js';
import { divergence, runProblemOf } from './run-problems.js';
import type { SessionEnd } from './session-host.port.js';
import { undoSteps } from './undo-steps.js';

/** Runs the code of a flow from the top, or the undo of its steps. Steps with a recorded answer do nothing again. */
export async function executeFlow(
  execution: RunExecution,
  deployed: Pick<DeployedFlow, 'flow' | 'config'> | undefined,
): Promise<SessionEnd> {
  const { run, journal, host } = execution;
  // The undo needs no code.
  if (run.failure !== undefined) return undoSteps(execution, run.failure);
  if (deployed === undefined) return { kind: 'blocked', problem: notDeployed(run) };
  const { flow, config } = deployed;
  let output: unknown;
  try {
    output = await flow.steps(new FlowSession(execution, config), run.input);
  } catch (error) {
    // A defect of the code undoes nothing: the code is mended, and the run goes on.
    if (!isFailure(error)) throw error;
    const problem = runProblemOf(error);
    const failure = 'step' in error ? { ...problem, step: error.step } : problem;
    return { kind: 'suspended', wakeAtMs: host.nowMs(), failure };
  }
  const difference = journal.unfinished();
  if (difference !== undefined) return { kind: 'diverged', problem: divergence(difference) };
  return output === undefined
    ? { kind: 'succeeded' }
    : { kind: 'succeeded', result: jsonOf(output, 'the end of the flow') };
}

function isFailure(error: unknown): error is ToolCallFailed | ToolCallUnknown | TimedOut | RunFailedError {
  return (
    error instanceof ToolCallFailed ||
    error instanceof ToolCallUnknown ||
    error instanceof TimedOut ||
    error instanceof RunFailedError
  );
}

function notDeployed({ flow, version, digest }: ClaimedRun): RunProblem {
  return {
    code: 'FLOWS_NOT_DEPLOYED',
    message: `the bundle ${digest.slice(0, 12)} of the flow ${flow}, version ${version}, is not deployed here; deploy the flow again and resume the run`,
  };
}

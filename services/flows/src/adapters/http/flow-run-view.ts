import type { FlowRunDetails } from '@action-mesh/contracts/flows';
import { defined } from '@action-mesh/kernel';

import type { FlowRunView } from '../../application/run-directory.port.js';
import type { RecordedStep } from '../../domain/flow-run.js';

/** A run as the API shows it. Answers of steps are left out: they may hold data of providers. */
export function flowRunView(run: FlowRunView, steps?: readonly RecordedStep[]): FlowRunDetails {
  return {
    id: run.id,
    flow: run.flow,
    version: run.version,
    digest: run.digest,
    user_id: run.userId,
    source: run.source,
    key: run.key,
    state: run.state,
    started_at: new Date(run.startedAtMs).toISOString(),
    ...defined({
      problem: (run.problem ?? run.failure) as FlowRunDetails['problem'],
      result: run.result,
      wakes_at: timeOf(run.wakeAtMs),
      ended_at: timeOf(run.endedAtMs),
      steps: steps?.map(stepView),
    }),
  };
}

function stepView({
  path,
  kind,
  about,
  answer,
  callId,
  dueAtMs,
}: RecordedStep): (FlowRunDetails['steps'] & object)[number] {
  return {
    path,
    kind,
    about,
    state: answer === undefined ? 'waiting' : answer.ok ? 'answered' : 'failed',
    ...defined({ call_id: callId, due_at: timeOf(dueAtMs) }),
    ...(answer?.ok === false ? { error: { code: answer.code, message: answer.message } } : {}),
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

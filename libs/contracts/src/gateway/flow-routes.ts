import { readRoute as read, writeRoute as write } from './route.js';

/** The routes of flows and their runs. */
export const flowRoutes = {
  listFlows: read('/v1/flows', 'calls:read', 'tenant', 'List deployed flows'),
  startFlow: write('POST', '/v1/flows/:flow/runs', 'calls:write', 'tenant', 'Start a run of a flow'),
  listFlowRuns: read('/v1/flow-runs', 'calls:read', 'tenant', 'List runs of flows'),
  findFlowRun: read('/v1/flow-runs/:run', 'calls:read', 'tenant', 'Show a run of a flow with its steps'),
  resumeFlowRun: write(
    'POST',
    '/v1/flow-runs/:run/resume',
    'dlq:admin',
    'tenant',
    'Resume a run that was blocked or diverged',
  ),
  cancelFlowRun: write(
    'POST',
    '/v1/flow-runs/:run/cancel',
    'dlq:admin',
    'tenant',
    'Cancel a run, and undo its steps',
  ),
  answerFlowRun: write(
    'POST',
    '/v1/flow-runs/:run/answer',
    'approvals:decide',
    'tenant',
    'Answer a question of a run',
  ),
} as const;

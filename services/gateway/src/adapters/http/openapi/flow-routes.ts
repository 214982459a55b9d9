import {
  flowAnswerSchema,
  flowListSchema,
  flowRunListSchema,
  flowRunQuerySchema,
  flowRunSchema,
  flowStartSchema,
  startedFlowRunSchema,
} from '@action-mesh/contracts/flows';
import type { RouteName } from '@action-mesh/contracts/gateway';

import { answers200 } from './answers.js';
import type { RouteDocument } from './route-document.js';

/** The routes of flows and their runs. */
export const documentedFlowRoutes = {
  listFlows: { area: 'flows', answers: answers200('The deployed flows.', flowListSchema) },
  startFlow: {
    area: 'flows',
    description: 'The same `key` is the same run, however often it is sent and whatever version is deployed.',
    body: flowStartSchema,
    answers: answers200('The run.', startedFlowRunSchema),
    problems: ['flow_not_found', 'invalid_request'],
  },
  listFlowRuns: {
    area: 'flows',
    query: flowRunQuerySchema,
    answers: answers200('Runs, the newest first.', flowRunListSchema),
  },
  findFlowRun: {
    area: 'flows',
    description: 'Answers of steps are left out. The calls of the run have them: `GET /v1/runs/{id}`.',
    answers: answers200('The run with its steps.', flowRunSchema),
    problems: ['flow_run_not_found'],
  },
  resumeFlowRun: {
    area: 'flows',
    description: 'The run goes on from its recorded steps, on the deployed code of its flow.',
    answers: answers200('The run.', flowRunSchema),
    problems: ['flow_run_conflict', 'flow_run_not_found'],
  },
  cancelFlowRun: {
    area: 'flows',
    description:
      'Effects of the run are undone, as far as its steps say how. A run in `needs_review` is closed.',
    answers: answers200('The run.', flowRunSchema),
    problems: ['flow_run_conflict', 'flow_run_not_found'],
  },
  answerFlowRun: {
    area: 'flows',
    body: flowAnswerSchema,
    answers: answers200('The run.', flowRunSchema),
    problems: ['flow_run_conflict', 'flow_run_not_found', 'invalid_request'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;

// Runs
export {
  flowAnswerSchema,
  flowListSchema,
  flowRunListSchema,
  flowRunQuerySchema,
  flowRunSchema,
  flowRunStateSchema,
  flowStartSchema,
  startedFlowRunSchema,
} from './flow-views.js';
export type {
  FlowAnswer,
  FlowList,
  FlowRunDetails,
  FlowRunList,
  FlowRunQuery,
  FlowRunStateName,
  FlowStart,
  StartedFlowRun,
} from './flow-views.js';

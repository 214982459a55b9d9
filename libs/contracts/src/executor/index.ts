// Events
export { CallDead, deadStatusSchema, originSchema } from './call-dead.v1.js';
export type { DeadCall } from './call-dead.v1.js';
export {
  CallOutcome,
  circuitStatusSchema,
  compensatingActionSchema,
  outcomeErrorSchema,
  outcomeStatusSchema,
  triedSchema,
  waitingSchema,
  waitReasonSchema,
} from './call-outcome.v1.js';
export type { OutcomeOfCall, OutcomeStatus, Tried, WaitReason } from './call-outcome.v1.js';
export { RetryDue } from './retry-due.v1.js';
export type { DueRetry } from './retry-due.v1.js';

// The retry ladder
export { retryRungs, rungFor } from './retry-rungs.js';
export type { RetryRung } from './retry-rungs.js';

// Queries
export { callStateSchema, callViewSchema } from './call-view.js';
export type { CallState, CallView } from './call-view.js';

// Administration: the bodies and answers of the executor's internal HTTP API
export {
  deadCallSchema,
  deadFilterSchema,
  deadPageSchema,
  deadQuerySchema,
  interventionRefusedSchema,
  redriveReportSchema,
  redriveRequestSchema,
  rescheduleRequestSchema,
  verdictRequestSchema,
  waitingCallSchema,
  waitingPageSchema,
  waitingQuerySchema,
} from './administration.js';
export type {
  DeadCallView,
  DeadFilter,
  DeadPage,
  DeadQuery,
  InterventionRefused,
  RedriveReport,
  RedriveRequest,
  RescheduleRequest,
  VerdictRequest,
  WaitingPage,
  WaitingQuery,
} from './administration.js';

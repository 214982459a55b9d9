// Events
export { CallDead, deadAnswerSchema, deadStatusSchema, originSchema } from './call-dead.v1.js';
export type { DeadAnswer, DeadCall } from './call-dead.v1.js';
export {
  CallOutcome,
  circuitStatusSchema,
  compensatingActionSchema,
  noTenant,
  outcomeErrorSchema,
  outcomeStatusSchema,
  refusalSource,
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
export { callStateSchema, callViewSchema, sentRequestSchema } from './call-view.js';
export type { CallState, CallView, SentRequest } from './call-view.js';
export { callPageSchema, callQuerySchema, callStatusSchema, callSummarySchema } from './call-list.js';
export type { CallPage, CallQuery, CallStatus, CallSummary } from './call-list.js';
export { jsonTextSchema } from './json-text.js';
export { readPageCursor, writePageCursor } from './page-cursor.js';
export type { PageEnd } from './page-cursor.js';

// Administration: the bodies and answers of the executor's internal HTTP API
export {
  cancelRequestSchema,
  deadCallSchema,
  deadFilterSchema,
  deadPageSchema,
  deadQuerySchema,
  interventionRefusedSchema,
  mostReportedIds,
  redriveOneSchema,
  ledgerStateSchema,
  redriveReportSchema,
  refusedRecordPageSchema,
  refusedRecordQuerySchema,
  redriveRequestSchema,
  rescheduleRequestSchema,
  verdictRequestSchema,
  waitingCallSchema,
  waitingPageSchema,
  waitingQuerySchema,
} from './administration.js';
export type {
  CancelRequest,
  DeadCallView,
  DeadFilter,
  DeadPage,
  DeadQuery,
  InterventionRefused,
  RedriveOne,
  LedgerState,
  RedriveReport,
  RefusedRecord,
  RefusedRecordPage,
  RefusedRecordQuery,
  RedriveRequest,
  ReportedCalls,
  RescheduleRequest,
  VerdictRequest,
  WaitingPage,
  WaitingQuery,
} from './administration.js';

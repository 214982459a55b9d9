// Events
export { CallDead, deadAnswerSchema, deadStatusSchema, originSchema } from './call-dead.v1.js';
export type { DeadAnswer, DeadCall } from './call-dead.v1.js';
export {
  CallOutcome,
  circuitStatusSchema,
  compensatingActionSchema,
  noTenant,
  outcomeStatusSchema,
  refusalSource,
  triedSchema,
} from './call-outcome.v1.js';
export type { OutcomeOfCall, OutcomeStatus, Tried } from './call-outcome.v1.js';
export { outcomeErrorSchema, waitingSchema, waitReasonSchema } from './outcome-reasons.js';
export type { WaitReason } from './outcome-reasons.js';
export { callPreviewSchema, policyVerdictSchema, previewedLimitSchema } from './call-preview.js';
export type { CallPreview, PolicyVerdict, PreviewedLimit } from './call-preview.js';
export { sentRequestSchema } from './sent-request.js';
export type { SentRequest } from './sent-request.js';
export { RetryDue } from './retry-due.v1.js';
export type { DueRetry } from './retry-due.v1.js';

// The retry ladder
export { retryRungs, rungFor } from './retry-rungs.js';
export type { RetryRung } from './retry-rungs.js';

// Queries
export { callStateSchema, callViewSchema } from './call-view.js';
export type { CallState, CallView } from './call-view.js';
export { callComparisonSchema, comparisonQuerySchema } from './call-comparison.js';
export type { CallComparison, ComparedPlace } from './call-comparison.js';
export { callPageSchema, callQuerySchema, callStatusSchema, callSummarySchema } from './call-list.js';
export type { CallPage, CallQuery, CallStatus, CallSummary } from './call-list.js';
export { callAttemptsSchema } from './call-attempts.js';
export type { CallAttempt, CallAttempts } from './call-attempts.js';
export { jsonTextSchema } from './json-text.js';
export { readPageCursor, writePageCursor } from './page-cursor.js';
export type { PageEnd } from './page-cursor.js';

// Approvals: the bodies and answers of the executor's internal HTTP API
export {
  approvalDecisionSchema,
  approvalPageSchema,
  approvalQuerySchema,
  approvalRefusedSchema,
  approvalStatusSchema,
  approvalSummarySchema,
  approvalViewSchema,
  askingRuleSchema,
  decideApprovalSchema,
} from './approvals.js';
export type {
  ApprovalPage,
  ApprovalQuery,
  ApprovalRefused,
  ApprovalStatus,
  ApprovalSummary,
  ApprovalView,
  DecideApproval,
} from './approvals.js';

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

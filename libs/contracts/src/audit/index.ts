// Events
export { AdministrationRecorded, longestRecordedBody } from './administration-recorded.v1.js';
export type { RecordedAdministration } from './administration-recorded.v1.js';

// Entries of the history
export { auditEntrySchema, entryBodySchema, entryKindSchema } from './audit-entry.js';
export type { AuditEntry, EntryBody, EntryKind } from './audit-entry.js';

// Queries and answers
export {
  auditCheckpointSchema,
  auditPageSchema,
  auditQuerySchema,
  callStorySchema,
  erasureViewSchema,
  exportQuerySchema,
  runQuerySchema,
  runStorySchema,
  verificationQuerySchema,
  verificationViewSchema,
} from './history-views.js';
export type {
  AuditCheckpoint,
  AuditPage,
  AuditQuery,
  CallStory,
  ErasureView,
  ExportQuery,
  RunQuery,
  RunStory,
  VerificationQuery,
  VerificationView,
} from './history-views.js';

// The step log
export { stepLineSchema } from './step-line.js';
export type { StepLine } from './step-line.js';

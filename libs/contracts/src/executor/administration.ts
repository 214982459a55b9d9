import { z } from 'zod';

import { callIdSchema, listLimitSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { deadAnswerSchema, deadStatusSchema, originSchema } from './call-dead.v1.js';
import { jsonTextSchema } from './json-text.js';
import { triedSchema } from './call-outcome.v1.js';
import { outcomeErrorSchema, waitingSchema } from './outcome-reasons.js';
import { isPageCursor } from './page-cursor.js';

/** A person's verdict on a call that is dead or needs review. */
export const verdictRequestSchema = z.strictObject({
  /**
   * `happened`: the provider acted; `result` is its answer. `did_not_happen`: the provider did not act, so the call
   * runs again. `give_up`: the call fails for good.
   */
  verdict: z.enum(['happened', 'did_not_happen', 'give_up']),
  result: jsonTextSchema.optional(),
  note: z.string().max(2_000).optional(),
});
export type VerdictRequest = z.infer<typeof verdictRequestSchema>;

/** Moves a waiting call to another moment. */
export const rescheduleRequestSchema = z.strictObject({ not_before: z.iso.datetime() });
export type RescheduleRequest = z.infer<typeof rescheduleRequestSchema>;

/** Cancels a call before its first request. */
export const cancelRequestSchema = z.strictObject({});
export type CancelRequest = z.infer<typeof cancelRequestSchema>;

/** The first moment that JavaScript and PostgreSQL can both represent. */
const firstMomentMs = Date.parse('0001-01-01T00:00:00Z');

/** A moment in UTC that PostgreSQL can hold too: no year 0, and no more digits than PostgreSQL reads. */
export const momentSchema = z.iso
  .datetime()
  .max(40)
  .refine((text) => Date.parse(text) >= firstMomentMs, 'must be a moment after the year 0');

/** Selects a page of a list. */
export const pageSchema = z.strictObject({
  limit: listLimitSchema(500).default(50),
  /** The `cursor` of the previous page, unchanged. */
  cursor: z
    .string()
    .max(200)
    .refine(isPageCursor, 'must be the unchanged cursor of the previous page')
    .optional(),
});

export const waitingQuerySchema = pageSchema.extend({
  reason: waitingSchema.shape.reason.optional(),
  user_id: nameSchema.optional(),
  tool: toolSlugSchema.optional(),
});
export type WaitingQuery = z.infer<typeof waitingQuerySchema>;

export const waitingCallSchema = waitingSchema.extend({
  call_id: z.uuidv7(),
  user_id: nameSchema,
  tool: toolSlugSchema,
  since: z.iso.datetime(),
});
/** Waiting calls, the next due first. */
export const waitingPageSchema = z.object({
  calls: z.array(waitingCallSchema),
  cursor: z.string().optional(),
});
export type WaitingPage = z.infer<typeof waitingPageSchema>;

/** Selects dead calls. */
export const deadFilterSchema = z.strictObject({
  status: deadStatusSchema.optional(),
  tool: toolSlugSchema.optional(),
  user_id: nameSchema.optional(),
  error_code: nameSchema.optional(),
  died_after: momentSchema.optional(),
  died_before: momentSchema.optional(),
});
export type DeadFilter = z.infer<typeof deadFilterSchema>;

export const deadQuerySchema = deadFilterSchema.extend(pageSchema.shape);
export type DeadQuery = z.infer<typeof deadQuerySchema>;

/** A dead call in a list. A request for one call adds all further details. */
export const deadCallSchema = z.object({
  call_id: z.uuidv7(),
  user_id: nameSchema,
  tool: toolSlugSchema,
  status: deadStatusSchema,
  error: outcomeErrorSchema,
  /** Absent: the provider has not answered, or a person has to settle the call for another reason. */
  answer: deadAnswerSchema.optional(),
  attempts: z.int().min(0),
  redrives: z.int().min(0),
  died_at: z.iso.datetime(),
  tried: z.array(triedSchema).optional(),
  origin: originSchema.optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});
/** Dead calls, the newest first. */
export const deadPageSchema = z.object({ calls: z.array(deadCallSchema), cursor: z.string().optional() });
export type DeadPage = z.infer<typeof deadPageSchema>;
export type DeadCallView = z.infer<typeof deadCallSchema>;

/** Takes dead calls out of the queue and runs them again. Requests with the same id take each call once. */
export const redriveRequestSchema = z
  .strictObject({
    /**
     * Identifies the redrive. A repeated request with the same id takes no call twice. @default one made by the mesh
     */
    redrive_id: nameSchema.optional(),
    call_ids: z.array(callIdSchema).min(1).max(1_000).optional(),
    filter: deadFilterSchema.optional(),
    /** Reports the calls that a redrive would take, and takes none. @default false */
    dry_run: z.boolean().default(false),
    /** The number of calls that start in one second. @default 10 */
    per_second: z.number().min(0.01).max(1_000).default(10),
  })
  .refine((request) => (request.call_ids === undefined) !== (request.filter === undefined), {
    message: 'give either call_ids or filter',
  });
export type RedriveRequest = z.infer<typeof redriveRequestSchema>;

/** Takes one dead call out of the queue. */
export const redriveOneSchema = z.strictObject({ redrive_id: nameSchema.optional() });
export type RedriveOne = z.infer<typeof redriveOneSchema>;

/** The most call ids in a report, for each group. */
export const mostReportedIds = 100;

/** A number of calls, and the ids of the first hundred. */
const reportedCallsSchema = z.object({
  count: z.int().min(0),
  call_ids: z.array(z.uuidv7()).max(mostReportedIds),
});
export type ReportedCalls = z.infer<typeof reportedCallsSchema>;

export const redriveReportSchema = z.object({
  redrive_id: nameSchema,
  dry_run: z.boolean(),
  /** Dead calls that the request selects. */
  matched: z.int().min(0),
  /** Calls that this request redrove. With `dry_run`: calls that it would redrive. */
  redriven: reportedCallsSchema,
  /** Calls that first need a person's verdict. */
  needs_verdict: reportedCallsSchema,
  /** Calls that an earlier request with the same id redrove. */
  already_redriven: reportedCallsSchema,
  /** Calls in `call_ids` that are not dead. */
  not_dead: reportedCallsSchema,
  /** More than 1,000 calls match, the most for one request. Send the same request again. */
  more: z.boolean(),
});
export type RedriveReport = z.infer<typeof redriveReportSchema>;

/** The reason why the executor refuses an intervention; the body of a 409. */
export const interventionRefusedSchema = z.object({
  code: z.enum(['call_not_waiting', 'call_already_sent', 'call_already_ended', 'verdict_not_needed']),
  message: z.string(),
  state: z.string(),
});
export type InterventionRefused = z.infer<typeof interventionRefusedSchema>;

/** Whether the ledger takes new calls, with the reason if it does not. */
export const ledgerStateSchema = z.object({ accepts: z.boolean(), reason: z.string().optional() });
export type LedgerState = z.infer<typeof ledgerStateSchema>;

/** A record that the mesh refused, with the reason and the fix for its publisher. */
export const refusedRecordSchema = z.object({
  origin: originSchema,
  /** Absent: the record holds no readable call id. */
  call_id: z.uuid().optional(),
  code: z.string(),
  message: z.string(),
  refused_at: z.iso.datetime(),
});
export type RefusedRecord = z.infer<typeof refusedRecordSchema>;

/**
 * A page of refused records. Records are numbered in the order of their refusal; the cursor of a page is the number of
 * its last record.
 */
export const refusedRecordQuerySchema = pageSchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the unchanged cursor of the previous page')
    .optional(),
});
export type RefusedRecordQuery = z.infer<typeof refusedRecordQuerySchema>;

/** Refused records, the newest first. The mesh keeps the newest 10,000 of a tenant. */
export const refusedRecordPageSchema = z.object({
  records: z.array(refusedRecordSchema),
  cursor: z.string().optional(),
});
export type RefusedRecordPage = z.infer<typeof refusedRecordPageSchema>;

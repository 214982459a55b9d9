import { z } from 'zod';

import { callIdSchema, listLimitSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { deadAnswerSchema, deadStatusSchema, originSchema } from './call-dead.v1.js';
import { jsonTextSchema } from './json-text.js';
import { outcomeErrorSchema, triedSchema, waitingSchema } from './call-outcome.v1.js';
import { isPageCursor } from './page-cursor.js';

/** The name that a person gives for an intervention. It is optional in every request, and no request proves it yet. */
const personShape = { by: nameSchema.optional() };

/** A person's verdict on a call of which nobody knew what happened, or which is dead. */
export const verdictRequestSchema = z.strictObject({
  /**
   * `happened`: the provider acted; `result` is what it would have answered. `did_not_happen`: it did not, so the call runs
   * again. `give_up`: the call is failed and stays so.
   */
  verdict: z.enum(['happened', 'did_not_happen', 'give_up']),
  result: jsonTextSchema.optional(),
  ...personShape,
  note: z.string().max(2_000).optional(),
});
export type VerdictRequest = z.infer<typeof verdictRequestSchema>;

/** Moves what waits to another moment. */
export const rescheduleRequestSchema = z.strictObject({ not_before: z.iso.datetime(), ...personShape });
export type RescheduleRequest = z.infer<typeof rescheduleRequestSchema>;

/** Ends a call that has not left. */
export const cancelRequestSchema = z.strictObject(personShape);
export type CancelRequest = z.infer<typeof cancelRequestSchema>;

/** The first moment that every clock here can tell. */
const firstMomentMs = Date.parse('0001-01-01T00:00:00Z');

/** A moment in UTC that PostgreSQL can hold too: no year 0, and no more digits than it reads. */
export const momentSchema = z.iso
  .datetime()
  .max(40)
  .refine((text) => Date.parse(text) >= firstMomentMs, 'must be a moment after the year 0');

/** Which page of a list. */
export const pageSchema = z.strictObject({
  limit: listLimitSchema(500).default(50),
  /** Where the page before ended: the `cursor` of its answer, as it came. */
  cursor: z
    .string()
    .max(200)
    .refine(isPageCursor, 'must be the cursor of the page before, as it came')
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
/** What waits, the next due first. */
export const waitingPageSchema = z.object({
  calls: z.array(waitingCallSchema),
  cursor: z.string().optional(),
});
export type WaitingPage = z.infer<typeof waitingPageSchema>;

/** Which dead calls. */
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

/** A dead call in a list, and alone with all that is known of it. */
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

/** Takes dead calls out of the queue, so that they run again. Repeated with one id, it takes each call once. */
export const redriveRequestSchema = z
  .strictObject({
    /** @default one made by the mesh; a repetition that is to take nothing twice gives its own */
    redrive_id: nameSchema.optional(),
    call_ids: z.array(callIdSchema).min(1).max(1_000).optional(),
    filter: deadFilterSchema.optional(),
    /** Says what would be taken, and takes nothing. @default false */
    dry_run: z.boolean().default(false),
    /** How many start a second. @default 10 */
    per_second: z.number().min(0.01).max(1_000).default(10),
    ...personShape,
  })
  .refine((request) => (request.call_ids === undefined) !== (request.filter === undefined), {
    message: 'give either call_ids or filter',
  });
export type RedriveRequest = z.infer<typeof redriveRequestSchema>;

/** Takes one dead call out of the queue. */
export const redriveOneSchema = z.strictObject({ redrive_id: nameSchema.optional(), ...personShape });
export type RedriveOne = z.infer<typeof redriveOneSchema>;

/** How many calls a report names of each kind. */
export const mostReportedIds = 100;

/** How many calls, and the first hundred of them. */
const reportedCallsSchema = z.object({
  count: z.int().min(0),
  call_ids: z.array(z.uuidv7()).max(mostReportedIds),
});
export type ReportedCalls = z.infer<typeof reportedCallsSchema>;

export const redriveReportSchema = z.object({
  redrive_id: nameSchema,
  dry_run: z.boolean(),
  /** Calls that the request means and that are in the queue. */
  matched: z.int().min(0),
  /** Calls that this request took; with `dry_run` those that it would take. */
  redriven: reportedCallsSchema,
  /** Calls of which a person must say first what happened. */
  needs_verdict: reportedCallsSchema,
  /** Calls that were taken under this id before. */
  already_redriven: reportedCallsSchema,
  /** Named calls that are not in the queue. */
  not_dead: reportedCallsSchema,
  /** More than one request takes at once (1,000) match; send the same again. */
  more: z.boolean(),
});
export type RedriveReport = z.infer<typeof redriveReportSchema>;

/** Why the executor refuses to intervene; the answer to 409. */
export const interventionRefusedSchema = z.object({
  code: z.enum(['call_not_waiting', 'call_already_sent', 'call_already_ended', 'verdict_not_needed']),
  message: z.string(),
  state: z.string(),
});
export type InterventionRefused = z.infer<typeof interventionRefusedSchema>;

/** Whether the ledger takes new calls, and why not. */
export const ledgerStateSchema = z.object({ accepts: z.boolean(), reason: z.string().optional() });
export type LedgerState = z.infer<typeof ledgerStateSchema>;

/** A record that the mesh refused, with the reason and the change that its publisher has to make. */
export const refusedRecordSchema = z.object({
  origin: originSchema,
  /** Where it could be read. */
  call_id: z.uuid().optional(),
  code: z.string(),
  message: z.string(),
  refused_at: z.iso.datetime(),
});
export type RefusedRecord = z.infer<typeof refusedRecordSchema>;

/** These records are numbered in the order of their refusal, and the number of the last one is the cursor of a page. */
export const refusedRecordQuerySchema = pageSchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the cursor of the page before, as it came')
    .optional(),
});
export type RefusedRecordQuery = z.infer<typeof refusedRecordQuerySchema>;

/** Refused records, the newest first; the newest 10,000 of a tenant are kept. */
export const refusedRecordPageSchema = z.object({
  records: z.array(refusedRecordSchema),
  cursor: z.string().optional(),
});
export type RefusedRecordPage = z.infer<typeof refusedRecordPageSchema>;

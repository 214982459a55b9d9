import { z } from 'zod';

import { agentSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { momentSchema, pageSchema } from './administration.js';
import { outcomeStatusSchema } from './call-outcome.v1.js';
import { outcomeErrorSchema } from './outcome-reasons.js';
import { callStateSchema } from './call-view.js';

/** The status of a call in a list: the status of its newest outcome, or `running` while an executor works on it. */
export const callStatusSchema = z.enum([...outcomeStatusSchema.options, 'running']);
export type CallStatus = z.infer<typeof callStatusSchema>;

/**
 * Filters for a list of calls. Each filter narrows the list. Times are the times at which the ledger recorded a call.
 */
export const callQuerySchema = z.strictObject({
  user_id: nameSchema.optional(),
  agent_id: nameSchema.optional(),
  run_id: nameSchema.optional(),
  tool: toolSlugSchema.optional(),
  status: callStatusSchema.optional(),
  error_code: nameSchema.optional(),
  received_after: momentSchema.optional(),
  received_before: momentSchema.optional(),
  ...pageSchema.shape,
});
export type CallQuery = z.infer<typeof callQuerySchema>;

/** One submission in a list. */
export const callSummarySchema = z.object({
  call_id: z.uuidv7(),
  /** The first call, if this submission is a duplicate. */
  duplicate_of: z.uuidv7().optional(),
  user_id: nameSchema,
  /** Absent: the submission became no call. */
  tool: toolSlugSchema.optional(),
  agent: agentSchema.optional(),
  status: callStatusSchema,
  state: callStateSchema,
  attempts: z.int().min(0),
  error: outcomeErrorSchema.optional(),
  received_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
});
export type CallSummary = z.infer<typeof callSummarySchema>;

/**
 * Calls, the newest first. A page can be short or empty when few calls fit the filter. Only an absent `cursor` marks
 * the last page.
 */
export const callPageSchema = z.object({ calls: z.array(callSummarySchema), cursor: z.string().optional() });
export type CallPage = z.infer<typeof callPageSchema>;

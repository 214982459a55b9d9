import { z } from 'zod';

import { agentSchema, nameSchema, toolSlugSchema } from '../gateway/index.js';
import { momentSchema, pageSchema } from './administration.js';
import { outcomeErrorSchema, outcomeStatusSchema } from './call-outcome.v1.js';
import { callStateSchema } from './call-view.js';

/** How a call stands in a list: the status of its newest outcome, or `running` while an executor works on it. */
export const callStatusSchema = z.enum([...outcomeStatusSchema.options, 'running']);
export type CallStatus = z.infer<typeof callStatusSchema>;

/** Which calls. Each filter narrows the list; times are those at which the ledger recorded the call. */
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
  /** The call that this submission is the same as, where it is a duplicate. */
  duplicate_of: z.uuidv7().optional(),
  user_id: nameSchema,
  /** Absent where the submission became no call. */
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
 * Calls, the newest first. A filter that fits few calls may leave a page short or empty: a page ends where a `cursor` is
 * absent, and nowhere else.
 */
export const callPageSchema = z.object({ calls: z.array(callSummarySchema), cursor: z.string().optional() });
export type CallPage = z.infer<typeof callPageSchema>;

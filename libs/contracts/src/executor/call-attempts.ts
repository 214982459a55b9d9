import { z } from 'zod';

import { triedSchema } from './call-outcome.v1.js';
import { callStateSchema, callViewSchema } from './call-view.js';
import { sentRequestSchema } from './sent-request.js';

/** One attempt of a call. */
export const callAttemptSchema = z.object({
  ...triedSchema.shape,
  /** The moment at which the request began to leave. Absent: the ledger does not have it any more. */
  started_at: z.iso.datetime().optional(),
  duration_ms: z.number().min(0).optional(),
});
export type CallAttempt = z.infer<typeof callAttemptSchema>;

/** The attempts of a call, the oldest first, with the newest request as it left. */
export const callAttemptsSchema = z.object({
  call_id: z.uuidv7(),
  /** The first call, if this submission is a duplicate. The attempts are those of that call. */
  duplicate_of: z.uuidv7().optional(),
  state: callStateSchema,
  /** The number of requests that were started. The list has the newest of them. */
  attempts: z.int().min(0),
  tried: z.array(callAttemptSchema),
  states: callViewSchema.shape.states,
  /** The newest request. Every credential is masked; `digest` belongs to the exact request. */
  request: sentRequestSchema.optional(),
});
export type CallAttempts = z.infer<typeof callAttemptsSchema>;

import { z } from 'zod';

import {
  agentSchema,
  argumentsSchema,
  nameSchema,
  semanticVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { CallOutcome, compensatingActionSchema, waitingSchema } from './call-outcome.v1.js';

/** The states of a call, as the ledger names them. */
export const callStateSchema = z.enum([
  'RECEIVED',
  'CLAIMED',
  'DISPATCHING',
  'RETRY_WAIT',
  'THROTTLED',
  'INDETERMINATE',
  'NEEDS_REVIEW',
  'DEAD',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
]);

export type CallState = z.infer<typeof callStateSchema>;

/** How a call stands in the ledger; the answer of the executor's internal query API. */
export const callViewSchema = z.object({
  call_id: z.uuidv7(),
  /** The call that this submission is the same as, where it is a duplicate. */
  duplicate_of: z.uuidv7().optional(),
  tenant_id: nameSchema,
  user_id: nameSchema,
  tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema }),
  state: callStateSchema,
  attempts: z.int().min(0),
  /** What was asked; absent where the submission became no call. */
  arguments: argumentsSchema.optional(),
  agent: agentSchema.optional(),
  saga_id: nameSchema.optional(),
  compensates: z.uuidv7().optional(),
  corrects: z.uuidv7().optional(),
  compensating_actions: z.array(compensatingActionSchema).optional(),
  /** What it waits for, where it does. */
  waiting: waitingSchema.optional(),
  received_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
  trace_id: z.string().optional(),
  /** The newest outcome, where there is one. */
  outcome: CallOutcome.schema.optional(),
});

export type CallView = z.infer<typeof callViewSchema>;

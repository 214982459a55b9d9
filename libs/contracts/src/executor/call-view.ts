import { z } from 'zod';

import {
  agentSchema,
  argumentsSchema,
  callModeSchema,
  digestSchema,
  nameSchema,
  semanticVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { compensatingActionSchema, triedSchema } from './call-outcome.v1.js';
import { policyVerdictSchema } from './call-preview.js';
import { jsonTextSchema } from './json-text.js';
import { waitingSchema } from './outcome-reasons.js';
import { sentRequestSchema } from './sent-request.js';

/** The states of a call in the ledger. */
export const callStateSchema = z.enum([
  'RECEIVED',
  'CLAIMED',
  'DISPATCHING',
  'RETRY_WAIT',
  'THROTTLED',
  'AWAITING_AUTH',
  'AWAITING_APPROVAL',
  'INDETERMINATE',
  'NEEDS_REVIEW',
  'DEAD',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
  'REHEARSED',
]);

export type CallState = z.infer<typeof callStateSchema>;

/** The record of a call in the ledger; the answer of the executor's internal query API. */
export const callViewSchema = z.object({
  call_id: z.uuidv7(),
  /** The first call, if this submission is a duplicate. */
  duplicate_of: z.uuidv7().optional(),
  tenant_id: nameSchema,
  user_id: nameSchema,
  tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema }),
  state: callStateSchema,
  /** Absent: the submission became no call. */
  mode: callModeSchema.optional(),
  attempts: z.int().min(0),
  /** The range within which equal calls are the same call. See also `hash`, and the key that stands for this call. */
  scope: z.string().optional(),
  occurrence: nameSchema.optional(),
  hash: digestSchema.optional(),
  idempotency_key: nameSchema.optional(),
  deadline: z.iso.datetime().optional(),
  /** The connection of its newest request. Every later request of the call uses the same one. */
  connection_id: z.uuid().optional(),
  /** The states whose time the ledger still has, the oldest first. */
  states: z.array(z.object({ state: callStateSchema, at: z.iso.datetime() })).optional(),
  /** The newest attempts, with the one that ended the call, the oldest first. */
  tried: z.array(triedSchema).optional(),
  request: sentRequestSchema.optional(),
  /** The arguments of the caller. Absent: the submission became no call. */
  arguments: argumentsSchema.optional(),
  /** The agent that asked, with its place in its run. A duplicate shows its own agent. */
  agent: agentSchema.optional(),
  saga_id: nameSchema.optional(),
  compensates: z.uuidv7().optional(),
  corrects: z.uuidv7().optional(),
  compensating_actions: z.array(compensatingActionSchema).optional(),
  /** The decision of the tenant's policies. Absent: the tenant had none. */
  policy: policyVerdictSchema.optional(),
  /** The reason and the end of the wait, while the call waits. */
  waiting: waitingSchema.optional(),
  received_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
  trace_id: z.string().optional(),
  /** The newest outcome, if there is one, byte for byte as published. */
  outcome: jsonTextSchema.optional(),
});

export type CallView = z.infer<typeof callViewSchema>;

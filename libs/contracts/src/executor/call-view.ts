import { z } from 'zod';

import {
  agentSchema,
  argumentsSchema,
  digestSchema,
  nameSchema,
  semanticVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { compensatingActionSchema, triedSchema, waitingSchema } from './call-outcome.v1.js';
import { jsonTextSchema } from './json-text.js';

/** The states of a call in the ledger. */
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

/** The request of a call in the form that the provider gets. Every credential is masked. */
export const sentRequestSchema = z.object({
  /** SHA-256 of the exact request. It is written before the first byte leaves. */
  digest: digestSchema.optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** The first 16,384 characters. */
  body: z.string().optional(),
  /** Absent: the body is shown whole. */
  body_cut: z.literal(true).optional(),
  /** The reason why the request cannot be shown. */
  not_shown: z.string().optional(),
});
export type SentRequest = z.infer<typeof sentRequestSchema>;

/** The record of a call in the ledger; the answer of the executor's internal query API. */
export const callViewSchema = z.object({
  call_id: z.uuidv7(),
  /** The first call, if this submission is a duplicate. */
  duplicate_of: z.uuidv7().optional(),
  tenant_id: nameSchema,
  user_id: nameSchema,
  tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema }),
  state: callStateSchema,
  attempts: z.int().min(0),
  /** The range within which equal calls are the same call. See also `hash`, and the key that stands for this call. */
  scope: z.string().optional(),
  occurrence: nameSchema.optional(),
  hash: digestSchema.optional(),
  idempotency_key: nameSchema.optional(),
  deadline: z.iso.datetime().optional(),
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
  /** The reason and the end of the wait, while the call waits. */
  waiting: waitingSchema.optional(),
  received_at: z.iso.datetime(),
  ended_at: z.iso.datetime().optional(),
  trace_id: z.string().optional(),
  /** The newest outcome, if there is one, byte for byte as published. */
  outcome: jsonTextSchema.optional(),
});

export type CallView = z.infer<typeof callViewSchema>;

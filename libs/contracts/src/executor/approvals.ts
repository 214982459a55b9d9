import { z } from 'zod';

import {
  agentSchema,
  argumentsSchema,
  digestSchema,
  nameSchema,
  semanticVersionSchema,
  toolSlugSchema,
} from '../gateway/index.js';
import { pageSchema } from './administration.js';
import { sentRequestSchema } from './sent-request.js';

/**
 * The state of an approval. `pending`: a person can decide. `expired`: nobody decided in time. `closed`: the call no longer
 * needs it, because it was cancelled, reached its deadline, or a policy has changed.
 */
export const approvalStatusSchema = z.enum(['pending', 'approved', 'rejected', 'expired', 'closed']);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** The rule that asks for an approval. */
export const askingRuleSchema = z.object({ id: nameSchema, revision: z.int(), reason: z.string() });

/** The decision of a person. */
export const approvalDecisionSchema = z.object({
  by: nameSchema,
  at: z.iso.datetime(),
  note: z.string().exactOptional(),
});

/** An approval in a list. */
export const approvalSummarySchema = z.object({
  id: z.uuid(),
  status: approvalStatusSchema,
  call_id: z.uuidv7(),
  user_id: nameSchema,
  tool: toolSlugSchema,
  /** The key and the agent that asked for the call. Without a key, a token of the user did. */
  requested_by: z.object({ key_id: nameSchema.exactOptional(), agent: agentSchema.exactOptional() }),
  rule: askingRuleSchema.exactOptional(),
  reason: z.string(),
  arguments_digest: digestSchema,
  asked_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decision: approvalDecisionSchema.exactOptional(),
});
export type ApprovalSummary = z.infer<typeof approvalSummarySchema>;

/** An approval with the content that a decision covers. */
export const approvalViewSchema = approvalSummarySchema.extend({
  version: semanticVersionSchema,
  arguments: argumentsSchema,
  /** The arguments as RFC 8785 canonical JSON. */
  canonical_arguments: z.string(),
  /** The connection that the caller chose. */
  connection_id: nameSchema.exactOptional(),
  /** The request that would be sent, without its credential. */
  request: sentRequestSchema,
});
export type ApprovalView = z.infer<typeof approvalViewSchema>;

/** Filters for a list of approvals. */
export const approvalQuerySchema = pageSchema.extend({
  /** @default `pending` */
  status: z.enum([...approvalStatusSchema.options, 'any']).default('pending'),
  user_id: nameSchema.optional(),
  tool: toolSlugSchema.optional(),
});
export type ApprovalQuery = z.infer<typeof approvalQuerySchema>;

/** Approvals: pending ones with the oldest first, all others with the newest first. */
export const approvalPageSchema = z.object({
  approvals: z.array(approvalSummarySchema),
  cursor: z.string().optional(),
});
export type ApprovalPage = z.infer<typeof approvalPageSchema>;

/** The decision of a person about an approval. */
export const decideApprovalSchema = z.strictObject({
  /** The `arguments_digest` of the approval. It proves that the decision is about these arguments. */
  arguments_digest: digestSchema,
  /** For a rejection: the reason, which the agent reads. */
  note: z.string().max(2_000).optional(),
});
export type DecideApproval = z.infer<typeof decideApprovalSchema>;

/** Why the executor refuses a decision; the body of a 409. */
export const approvalRefusedSchema = z.object({
  code: z.enum(['approval_decided', 'approval_own_request', 'approval_digest_mismatch']),
  message: z.string(),
  status: approvalStatusSchema,
  decision: approvalDecisionSchema.exactOptional(),
});
export type ApprovalRefused = z.infer<typeof approvalRefusedSchema>;

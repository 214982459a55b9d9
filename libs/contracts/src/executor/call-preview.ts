import { z } from 'zod';

import { nameSchema } from '../gateway/index.js';
import { outcomeErrorSchema, waitingSchema } from './outcome-reasons.js';
import { sentRequestSchema } from './sent-request.js';

/** A limit of the mesh or of the provider that applies to a request. */
export const previewedLimitSchema = z.object({
  kind: z.enum(['rate_limit', 'concurrency', 'circuit_breaker', 'provider_block', 'kill_switch']),
  /** The limit, breaker, credential or kill switch: `provider:slack#per-minute`, `switch:<id>`. */
  scope: z.string(),
  /** Whether it would hold the request at that moment. */
  holds: z.boolean(),
  /** When the request could be sent. Absent: it does not hold, or nobody knows the time. */
  until: z.iso.datetime().exactOptional(),
  /** Only with `rate_limit`: the number of requests in a window. */
  limit: z.int().exactOptional(),
  window: z.string().exactOptional(),
  /** Only with `concurrency`: the most requests under way. */
  max_concurrency: z.int().exactOptional(),
});
export type PreviewedLimit = z.infer<typeof previewedLimitSchema>;

/** The decision of the tenant's policies about a call. */
export const policyVerdictSchema = z.object({
  decision: z.enum(['allow', 'ask', 'deny']),
  /** The rule that decided. Absent: no rule matches. */
  rule: z.object({ id: nameSchema, revision: z.int(), reason: z.string() }).exactOptional(),
  explained: z.string(),
  /** The approval that a person gave or refused. */
  approval: z.object({ id: z.uuid(), by: nameSchema }).exactOptional(),
});
export type PolicyVerdict = z.infer<typeof policyVerdictSchema>;

/** The request that a live call would send, and its obstacles at that moment. Nothing was sent and no limit used. */
export const callPreviewSchema = z.object({
  request: sentRequestSchema,
  /** Whether a live call would be sent now, wait first, or fail. Only with `dry_run`, like all members below. */
  would: z.enum(['send', 'wait', 'fail']).exactOptional(),
  /** The reason of the wait or the code of the error, if the call would not be sent now. */
  reason: z.string().exactOptional(),
  /** The limits that apply. */
  limits: z.array(previewedLimitSchema).exactOptional(),
  /** The connection whose credential the request would have. Absent: it needs none. */
  connection: z
    .object({
      connection_id: z.uuid().exactOptional(),
      /** Why there is no credential now, with the step of the user. */
      waiting: waitingSchema.exactOptional(),
      error: outcomeErrorSchema.exactOptional(),
    })
    .exactOptional(),
  policy: policyVerdictSchema.exactOptional(),
});
export type CallPreview = z.infer<typeof callPreviewSchema>;

import { defineEvent, type EventData } from '@action-mesh/kernel';
import { z } from 'zod';

import { nameSchema, semanticVersionSchema, toolSlugSchema } from '../gateway/index.js';
import { topics } from '../topics.js';

/**
 * How a call stands. `succeeded` and `failed` end it. `needs_review` means that nobody knows whether the provider acted:
 * the mesh does not send it again, and a later record with a higher `seq` may settle it.
 */
export const outcomeStatusSchema = z.enum(['succeeded', 'failed', 'needs_review']);

/** Why a call did not succeed; for programs. The set grows, so readers treat an unknown code as its category. */
export const outcomeErrorSchema = z.object({
  code: z.string(),
  /** Whose move it is: the caller's, the provider's, the network's, ours, or a person's who finds out what happened. */
  category: z.enum(['request', 'provider', 'network', 'mesh', 'unknown_effect']),
  message: z.string(),
  fix: z.string().optional(),
});

/** One per call and state that matters to its caller. Of two records of one call, the higher `seq` is the newer. */
export const CallOutcome = defineEvent({
  topic: topics.outcomes.name,
  type: 'mesh.call.outcome',
  version: 1,
  description: 'How a call stands or ended. Every submission gets its own, duplicates included.',
  key: (outcome) => outcome.call_id,
  schema: z.object({
    call_id: z.uuidv7(),
    /** This call did not run: it is the same call as `duplicate_of`, whose outcome this is. */
    duplicate_of: z.uuidv7().optional(),
    /** Whether the outcome was already known when the call arrived. */
    replayed: z.boolean(),
    seq: z.int().min(1),
    tenant_id: nameSchema,
    user_id: nameSchema,
    agent: z.object({ id: nameSchema, run_id: nameSchema.optional(), step: z.int().optional() }).optional(),
    tool: z.object({ slug: toolSlugSchema, version: semanticVersionSchema.optional() }),
    status: outcomeStatusSchema,
    /** The provider's answer, where it gave one. */
    result: z.json().optional(),
    error: outcomeErrorSchema.optional(),
    upstream: z
      .object({
        status_code: z.int(),
        /** The answer broke off or was larger than the mesh keeps, so `result` is not all of it. */
        incomplete: z.boolean().optional(),
      })
      .optional(),
    /** How many times a request was started. */
    attempts: z.int().min(0),
    /** Whether another executor had to finish what one that died had begun. */
    recovered: z.boolean(),
    received_at: z.iso.datetime().optional(),
    ended_at: z.iso.datetime(),
    /** From the record of the call to its end, in milliseconds. */
    duration_ms: z.number().min(0),
  }),
});

export type OutcomeOfCall = EventData<typeof CallOutcome>;
